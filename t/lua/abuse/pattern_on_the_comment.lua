-- expect: hold
-- note: it used more than 250000 steps
-- comment: {"text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
-- The comment is what is hostile.

rule("abuse", function(c)
  local t = c.text:rep(30)
  return score(t:find("a*a*a*a*b") or 0)
end)
