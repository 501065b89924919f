-- expect: hold
-- A comparison that sorts the same list.

rule("abuse", function(c)
  local t = {}
  for i = 1, 50 do t[i] = 50 - i end
  local less
  function less(a, b) table.sort(t, less) return a < b end
  table.sort(t, less)
end)
