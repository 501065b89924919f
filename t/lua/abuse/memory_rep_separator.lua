-- expect: hold
-- note: longer than 1048576 bytes
-- The separator is what is long.

rule("abuse", function(c)
  local _ = ("").rep("", 1e9, "xxxx")
end)
