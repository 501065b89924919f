-- expect: accept
-- Positions beyond all measure.

rule("abuse", function(c)
  assert(("abc"):byte(math.maxinteger) == nil)
  assert(("abc"):byte(math.mininteger) == nil)
end)
