-- expect: load
-- note: bytes
-- The file wants too much.

local t = {}
for i = 1, 1e9 do t[i] = {} end
