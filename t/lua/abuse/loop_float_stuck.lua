-- expect: hold
-- A number that does not grow any more.

rule("abuse", function(c)
  for i = 2^53, 2^53 + 10, 0.5 do end
  local x = 2^53
  while x < 2^53 + 2 do x = x + 1 end
end)
