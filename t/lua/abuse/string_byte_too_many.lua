-- expect: hold
-- note: more than 4096 results
-- A byte per result.

rule("abuse", function(c)
  return score(select("#", ("x"):rep(100000):byte(1, -1)))
end)
