-- expect: hold
-- note: abuse
-- varies: the hash seed says which key finds its place free
-- A full table loses and gains a key, for ever.

rule("abuse", function(c)
  local t = {}
  for i = 1, 4096 do t["k" .. i] = i end
  local n = 4096
  while true do t["k" .. (n - 4095)] = nil n = n + 1 t["k" .. n] = n end
end)
