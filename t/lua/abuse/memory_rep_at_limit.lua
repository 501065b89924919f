-- expect: accept
-- Exactly the longest text.

rule("abuse", function(c)
  assert(#("x"):rep(1048576) == 1048576)
end)
