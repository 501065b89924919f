-- expect: accept
-- Empty matches move on.

rule("abuse", function(c)
  local n = 0
  for _ in ("abc"):gmatch("") do n = n + 1 end
  assert(n == 4)
end)
