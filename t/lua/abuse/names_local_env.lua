-- expect: accept
-- Names of a table that stands for the globals: they may be any.

rule("abuse", function(c)
  local _ENV = { foo = 1 }
  local f = function() return foo + bar end
  return f and nil
end)
