-- expect: hold
-- Places that no text has.

rule("abuse", function(c)
  return score(utf8.offset("x", math.mininteger, math.maxinteger) or 0)
end)
