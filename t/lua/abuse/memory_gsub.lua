-- expect: hold
-- note: longer than 1048576 bytes
-- A replacement multiplies the text.

rule("abuse", function(c)
  local s = ("x"):rep(10000)
  return hold((s:gsub("x", s)))
end)
