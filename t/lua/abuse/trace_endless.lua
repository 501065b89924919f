-- expect: hold
-- note: it used more than 250000 steps
-- Printing for ever.

rule("abuse", function(c)
  while true do print("x") end
end)
