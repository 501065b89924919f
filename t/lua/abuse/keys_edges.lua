-- expect: accept
-- The keys at the edges of numbers, in their order.

rule("abuse", function(c)
  local t = {}
  t[2^53] = 1
  t[math.maxinteger] = 2
  t[math.mininteger] = 3
  t[-0.0] = 4
  t[1e308 * 10] = 5
  local n = 0
  for k, v in pairs(t) do n = n * 10 + v end
  if t[0] ~= 4 or n ~= 34125 then return hold("no", tostring(n)) end
end)
