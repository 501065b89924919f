-- expect: hold
-- note: abuse
-- The longest text, for ever.

rule("abuse", function(c)
  local s = ("X"):rep(1000000)
  while true do s:reverse() end
end)
