-- expect: hold
-- note: assertion failed
-- A failed assertion.

rule("abuse", function(c)
  assert(false)
end)
