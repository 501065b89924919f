-- expect: accept
-- The member of one of two: which, is known only then.

rule("abuse", function(c)
  local t = { nothing = 1 }
  local x = (c.text and t or text).nothing
  if x ~= 1 then return hold("no") end
end)
