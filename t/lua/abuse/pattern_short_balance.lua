-- expect: hold
-- note: two characters
-- %b at the end.

rule("abuse", function(c)
  return score(("a"):find("%b(") or 0)
end)
