-- expect: hold
-- note: x
-- pairs goes in order, with many keys.

rule("abuse", function(c)
  local t, out = {}, {}
  for i = 1, 200 do t["k" .. (i * 7919 % 1009)] = i end
  for k in pairs(t) do out[#out + 1] = k end
  return hold("x", table.concat(out):sub(1, 400))
end)
