-- expect: hold
-- Texts just below the limit, kept.

rule("abuse", function(c)
  local t = {}
  for i = 1, 10 do t[i] = ("x"):rep(1000000) .. i end
end)
