-- expect: load
-- note: nested more than
-- Fields that hold themselves.

local t = {}
t.author = t
test("x", t, "accept")
