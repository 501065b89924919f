-- expect: hold
-- note: libraries cannot be changed
-- A library is written to.

rule("abuse", function(c)
  string.find = function() return 1 end
end)
