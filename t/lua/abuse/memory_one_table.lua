-- expect: hold
-- One table with many numbers.

rule("abuse", function(c)
  local t = {}
  for i = 1, 1e9 do t[i] = i end
end)
