-- expect: hold
-- A function that doubles what it gets.

rule("abuse", function(c)
  local n = 0
  local s = ("x"):rep(1000)
  while true do
    s = s:gsub("x", function() n = n + 1 return "xx" end)
  end
end)
