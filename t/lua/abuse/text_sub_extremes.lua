-- expect: accept
-- Positions beyond all measure.

rule("abuse", function(c)
  assert(text.sub("åbc", math.mininteger, math.maxinteger) == "åbc")
  assert(text.sub("åbc", math.maxinteger, math.mininteger) == "")
  assert(text.sub("", 1, 1) == "")
end)
