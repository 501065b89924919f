-- expect: hold
-- note: abuse
-- Quadratic copying.

rule("abuse", function(c)
  local s = ""
  for _ = 1, 1e6 do s = s .. "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" end
end)
