-- expect: hold
-- One table with many names.

rule("abuse", function(c)
  local t = {}
  for i = 1, 1e9 do t["k" .. i] = i end
end)
