-- expect: hold
-- All numbers that there are.

rule("abuse", function(c)
  for i = math.mininteger, math.maxinteger, 1 do end
end)
