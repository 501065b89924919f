-- expect: hold
-- note: abuse
-- A span that goes back.

rule("abuse", function(c)
  return score(rate.count("x", "k", -1))
end)
