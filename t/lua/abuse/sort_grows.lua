-- expect: hold
-- A comparison that lets the list grow, then one that never ends.

rule("abuse", function(c)
  local t = { 3, 2, 1 }
  table.sort(t, function(a, b)
    for i = 1, 1000 do t[#t + 1] = i end
    return a < b
  end)
  while #t > 0 do table.sort(t, function(a, b) return true end) end
end)
