-- expect: hold
-- note: longer than 1048576 bytes
-- One byte more.

rule("abuse", function(c)
  local _ = ("x"):rep(1048577)
end)
