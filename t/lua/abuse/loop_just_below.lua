-- expect: accept
-- Close to the budget but within it.

rule("abuse", function(c)
  for i = 1, 100000 do local _ = i end
end)
