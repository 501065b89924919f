-- expect: hold
-- note: cannot replace text
-- A table as a replacement.

rule("abuse", function(c)
  return hold((("a"):gsub("a", function() return {} end)))
end)
