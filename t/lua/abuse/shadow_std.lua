-- expect: accept
-- Locals with the names of what there is.

rule("abuse", function(c)
  local hold, string, error = nil, {}, function() end
  local text = c.text
  error("nothing")
  if string.find then return reject("no") end
end)
