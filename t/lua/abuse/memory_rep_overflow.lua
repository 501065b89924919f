-- expect: hold
-- note: longer than 1048576 bytes
-- Length times count overflows.

rule("abuse", function(c)
  local _ = ("xxxx"):rep(math.maxinteger)
end)
