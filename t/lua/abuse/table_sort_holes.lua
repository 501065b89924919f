-- expect: hold
-- note: attempt to compare
-- A list with holes.

rule("abuse", function(c)
  local t = { 3, 2, 1 }
  t[2] = nil
  t[4] = 1
  table.sort({ 3, nil, 1, 4 })
end)
