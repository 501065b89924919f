-- expect: accept
-- pairs lists the keys first, so new ones are not visited.

rule("abuse", function(c)
  local t = { a = 1 }
  for k in pairs(t) do t[k .. "x"] = 1 end
end)
