-- expect: hold
-- Closures without end.

rule("abuse", function(c)
  local t = {}
  while true do t[#t + 1] = function() return t end end
end)
