-- expect: hold
-- note: more than 32 languages
-- Thirty-three languages.

rule("abuse", function(c)
  local t = {}
  for i = 1, 33 do t["l" .. i] = "x" end
  return hold(t)
end)
