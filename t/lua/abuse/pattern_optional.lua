-- expect: hold
-- note: it used more than 250000 steps
-- Each ? may or may not match.

rule("abuse", function(c)
  return score(("a"):rep(30):find(("a?"):rep(30) .. ("a"):rep(31)) or 0)
end)
