-- expect: hold
-- Tables in a table.

rule("abuse", function(c)
  local t = {}
  for i = 1, 1e9 do t[i] = {} end
end)
