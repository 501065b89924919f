-- expect: hold
-- 60000 that open and none that closes.

rule("abuse", function(c)
  local s = ("("):rep(60000)
  for i = 1, 100 do if s:find("%b()", i) then return score(1) end end
end)
