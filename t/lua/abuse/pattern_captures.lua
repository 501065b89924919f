-- expect: hold
-- note: it used more than 250000 steps
-- Captures referred back to.

rule("abuse", function(c)
  return score(("a"):rep(3000):find("(.*)%1(.*)%2b") or 0)
end)
