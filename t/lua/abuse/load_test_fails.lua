-- expect: load
-- note: was expected but the rules say
-- A test of the file fails.

rule("x", function() return hold("no") end)
test("is published", {}, "accept")
