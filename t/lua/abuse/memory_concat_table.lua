-- expect: hold
-- note: longer than 1048576 bytes
-- table.concat beyond the limit.

rule("abuse", function(c)
  local s, t = ("x"):rep(100000), {}
  for i = 1, 20 do t[i] = s end
  return hold(table.concat(t))
end)
