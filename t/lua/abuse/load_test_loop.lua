-- expect: load
-- note: 250000 steps
-- A rule that never ends, in a test.

rule("x", function() while true do end end)
test("x", {}, "hold")
