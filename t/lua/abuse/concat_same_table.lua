-- expect: hold
-- One text a thousand times: 64 MB of one entry.

rule("abuse", function(c)
  local s, t = ("x"):rep(65536), {}
  for i = 1, 1000 do t[i] = s end
  return score(#table.concat(t))
end)
