-- expect: load
-- note: too many steps
-- Tests without end, each within its budget.

rule("x", function() for i = 1, 100000 do local _ = i end end)
for i = 1, 1000 do test("t" .. i, {}, "accept") end
