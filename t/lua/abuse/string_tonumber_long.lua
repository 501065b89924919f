-- expect: hold
-- note: abuse
-- A megabyte of blanks before a digit.

rule("abuse", function(c)
  local s = (" "):rep(1000000) .. "1"
  while true do tonumber(s) end
end)
