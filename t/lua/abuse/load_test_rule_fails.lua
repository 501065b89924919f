-- expect: load
-- note: attempt to index a nil value
-- A rule fails in a test that expects a hold.

rule("x", function(c) return score(c.parent.id) end)
test("holds", {}, "hold")
