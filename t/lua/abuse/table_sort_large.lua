-- expect: hold
-- note: abuse
-- Sorting and sorting.

rule("abuse", function(c)
  local t = {}
  for i = 1, 5000 do t[i] = (i * 7919) % 5003 end
  while true do table.sort(t) t[1], t[5000] = t[5000], t[1] end
end)
