-- expect: load
-- note: more than 1000 tests
-- One test too many.

for i = 1, 1001 do test("t" .. i, {}, "accept") end
