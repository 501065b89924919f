-- expect: hold
-- note: it used more than 250000 steps
-- Every value moves, every time.

rule("abuse", function(c)
  local t = {}
  for i = 1, 1e6 do table.insert(t, 1, i) end
end)
