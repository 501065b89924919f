-- expect: accept
-- Positions beyond all measure.

rule("abuse", function(c)
  assert(("abc"):sub(math.mininteger, math.maxinteger) == "abc")
  assert(("abc"):sub(math.maxinteger, math.mininteger) == "")
end)
