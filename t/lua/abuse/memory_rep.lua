-- expect: hold
-- note: longer than 1048576 bytes
-- rep asks for a petabyte.

rule("abuse", function(c)
  return hold(("x"):rep(1e15))
end)
