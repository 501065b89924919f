-- expect: accept
-- The longest text, once.

rule("abuse", function(c)
  assert(#("X"):rep(1000000):lower() == 1000000)
end)
