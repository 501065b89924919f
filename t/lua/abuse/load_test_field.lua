-- expect: load
-- note: did you mean "approved"?
-- A field that is none.

test("x", { author = { aproved = 1 } }, "accept")
