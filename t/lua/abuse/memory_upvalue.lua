-- expect: accept
-- The second rule gets a machine of its own.

local kept = {}

rule("first", function() for i = 1, 3 do kept[i] = ("x"):rep(600000) end end)

rule("second", function()
  local s = ("y"):rep(600000)
  assert(#s == 600000)
end)
