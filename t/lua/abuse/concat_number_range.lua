-- expect: hold
-- From the smallest number to the largest.

rule("abuse", function(c)
  return score(#table.concat({}, ",", math.mininteger, math.maxinteger))
end)
