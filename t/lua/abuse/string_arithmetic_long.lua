-- expect: hold
-- note: abuse
-- Reckoning with a megabyte.

rule("abuse", function(c)
  local s = (" "):rep(1000000) .. "1"
  while true do local _ = s + 1 end
end)
