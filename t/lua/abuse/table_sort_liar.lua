-- expect: accept
-- A function that always says yes.

rule("abuse", function(c)
  local t = {}
  for i = 1, 100 do t[i] = i end
  table.sort(t, function() return true end)
  assert(#t == 100)
end)
