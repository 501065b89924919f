-- expect: accept
-- note: 1000000
-- The largest.

rule("abuse", function(c)
  return score(1000000)
end)
