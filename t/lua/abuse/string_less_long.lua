-- expect: hold
-- note: it used more than 250000 steps
-- So are texts in order.

rule("abuse", function(c)
  local a = ("x"):rep(1000000)
  while true do local _ = a < a end
end)
