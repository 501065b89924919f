-- expect: load
-- note: a list of 1 to 32
-- Thirty-three paths.

local t = {}
for i = 1, 33 do t[i] = "/" .. i end
rule("x", { path = t }, function() end)
