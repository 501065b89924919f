-- expect: hold
-- note: more than 4096 results
-- From the smallest to the largest.

rule("abuse", function(c)
  return score(select("#", table.unpack({}, math.mininteger, math.maxinteger)))
end)
