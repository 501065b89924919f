-- expect: hold
-- note: it used more than 250000 steps
-- A pattern that moderators write every day.

rule("abuse", function(c)
  return score(("http"):rep(250):find("http.*http.*http.*casino") and 1 or 0)
end)
