-- expect: load
-- note: it was not the rule
-- The wrong rule decides.

rule("x", function() return hold("no") end)
rule("y", function() end)
test("y holds", {}, "hold", "y")
