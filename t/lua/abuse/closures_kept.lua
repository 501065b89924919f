-- expect: accept
-- A function that keeps the comment, for the next one.

local kept = {}

rule("abuse", function(c)
  for i = 1, #kept do kept[i]() end
  if #kept > 0 then return hold("kept from another comment") end
  kept[1] = function() return c.text end
end)
