-- expect: hold
-- note: it used more than 250000 steps
-- Equal texts of a megabyte are compared to the end.

rule("abuse", function(c)
  local a, b = ("x"):rep(600000) .. "y", ("x"):rep(600000) .. "y"
  while true do local _ = a == b end
end)
