-- expect: hold
-- note: it used more than 250000 steps
-- Every value moves, every time.

rule("abuse", function(c)
  local t = {}
  for i = 1, 20000 do t[i] = i end
  while #t > 0 do table.remove(t, 1) end
end)
