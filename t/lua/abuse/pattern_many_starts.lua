-- expect: hold
-- note: it used more than 250000 steps
-- Quadratic by its starts.

rule("abuse", function(c)
  return score(("a"):rep(30000):find("a+b") or 0)
end)
