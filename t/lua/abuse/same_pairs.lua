-- expect: hold
-- note: 1 2 3 a b c
-- pairs goes in order.

rule("abuse", function(c)
  local t, out = { c = 1, [3] = 1, a = 1, [1] = 1, b = 1, [2] = 1 }, {}
  for k in pairs(t) do out[#out + 1] = tostring(k) end
  return hold("x", table.concat(out, " "))
end)
