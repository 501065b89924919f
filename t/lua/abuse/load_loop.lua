-- expect: load
-- note: more than 2000000 steps to load
-- The file never ends.

while true do end
