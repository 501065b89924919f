-- expect: hold
-- note: it used more than 250000 steps
-- Balances that never close.

rule("abuse", function(c)
  return score(("("):rep(60000):find("%b()") or 0)
end)
