-- expect: accept
-- Tables as keys are fine as long as nobody asks for their order.

rule("abuse", function(c)
  local t, keys = {}, {}
  for i = 1, 200 do keys[i] = {} t[keys[i]] = i end
  for i = 1, 200 do assert(t[keys[i]] == i) end
end)
