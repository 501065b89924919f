-- expect: hold
-- Places without end.

rule("abuse", function(c)
  local s = ("x"):rep(100000)
  for i = 1, 1000 do for a, b in s:gmatch("()()") do end end
end)
