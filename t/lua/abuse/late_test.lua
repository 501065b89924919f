-- expect: hold
-- note: while the file loads
-- A rule declares a test.

rule("abuse", function(c)
  test("x", {}, "accept")
end)
