-- expect: hold
-- note: format
-- Ten thousand wide numbers, of which few are given.

rule("abuse", function(c)
  local f = ("%99d"):rep(10000)
  local args = {}
  for i = 1, 200 do args[i] = i end
  return score(#f:format(table.unpack(args)))
end)
