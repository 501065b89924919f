-- expect: hold
-- note: longer than 1048576 bytes
-- concat in one go.

rule("abuse", function(c)
  local s = ("x"):rep(400000)
  return hold(s .. s .. s)
end)
