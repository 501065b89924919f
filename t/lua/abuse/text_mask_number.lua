-- expect: hold
-- note: a match or a list of matches
-- No match.

rule("abuse", function(c)
  return hold(text.mask("abc", { 1 }))
end)
