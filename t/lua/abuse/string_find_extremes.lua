-- expect: accept
-- Starting points beyond all measure.

rule("abuse", function(c)
  assert(("abc"):find("b", math.maxinteger) == nil)
  assert(("abc"):find("b", math.mininteger) == 2)
end)
