-- expect: accept
-- false leaves what was found as it is.

rule("abuse", function(c)
  local s, n = ("aaa"):gsub("a", function() return false end)
  if s ~= "aaa" or n ~= 3 then return hold("no") end
end)
