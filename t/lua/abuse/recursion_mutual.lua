-- expect: hold
-- note: abuse
-- Two functions call each other.

rule("abuse", function(c)
  local f, g
  f = function() return 1 + g() end
  g = function() return 1 + f() end
  f()
end)
