-- expect: hold
-- note: in the replacement
-- % before a letter in a replacement.

rule("abuse", function(c)
  return hold((("a"):gsub("a", "%z")))
end)
