-- expect: hold
-- note: libraries cannot be changed
-- A library is added to.

rule("abuse", function(c)
  string.trim = function() return 1 end
end)
