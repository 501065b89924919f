-- expect: hold
-- Nothing, with much between.

rule("abuse", function(c)
  local t = {}
  for i = 1, 1000 do t[i] = "" end
  return score(#table.concat(t, ("x"):rep(65536)))
end)
