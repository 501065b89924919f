-- expect: hold
-- comment: {"text":"a comment of some words"}
-- Each byte becomes 4096, ten times.

rule("abuse", function(c)
  local t = {}
  for i = 0, 255 do t[string.char(i)] = ("x"):rep(4096) end
  local s = c.text
  for i = 1, 10 do s = s:gsub(".", t) end
end)
