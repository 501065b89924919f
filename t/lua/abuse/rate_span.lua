-- expect: hold
-- note: abuse
-- A span that goes back.

rule("abuse", function(c)
  return score(rate.count("ip", "k", -1))
end)
