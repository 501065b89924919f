-- expect: load
-- note: there is no verdict "acept"; did you mean "accept"?
-- A verdict that is none.

test("x", {}, "acept")
