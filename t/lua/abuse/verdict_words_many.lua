-- expect: hold
-- note: more than 32 languages
-- Thirty-three languages.

rule("abuse", function(c)
  local t = {}
  for i = 1, 33 do t["l" .. string.char(97 + i // 26, 97 + i % 26)] = "x" end
  return hold(t)
end)
