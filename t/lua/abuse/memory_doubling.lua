-- expect: hold
-- note: longer than 1048576 bytes
-- A text doubles until it does not fit.

rule("abuse", function(c)
  local s = "x"
  while true do s = s .. s end
end)
