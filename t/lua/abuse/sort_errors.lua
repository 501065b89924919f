-- expect: hold
-- note: abuse
-- A comparison that raises a table.

rule("abuse", function(c)
  local t = {}
  for i = 1, 100 do t[i] = i end
  table.sort(t, function(a, b) error({}) end)
end)
