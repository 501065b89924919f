-- expect: hold
-- note: it used more than 250000 steps
-- Nested shortest matches.

rule("abuse", function(c)
  return score(("a"):rep(2000):find(".-.-.-b") or 0)
end)
