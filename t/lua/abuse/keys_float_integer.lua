-- expect: accept
-- 1 and 1.0 are one key.

rule("abuse", function(c)
  local t = { [1] = "a" }
  t[1.0] = "b"
  if #t ~= 1 or t[1] ~= "b" then return hold("no") end
end)
