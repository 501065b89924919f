-- expect: hold
-- note: it used more than 250000 steps

rule("guess", function(c)
  local s = ("the og ikke "):rep(400)
  while true do lang.guess(s) end
end)
