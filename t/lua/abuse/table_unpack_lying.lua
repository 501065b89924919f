-- expect: hold
-- note: more than 4096 results
-- A range of 10^8.

rule("abuse", function(c)
  return score(select("#", table.unpack({}, 1, 1e8)))
end)
