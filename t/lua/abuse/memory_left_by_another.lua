-- expect: hold
-- note: greedy
-- What a rule leaves behind is not held against the next.

local kept = {}

rule("modest before", function() end)

rule("greedy", function()
  for i = 1, 100000 do kept[i] = {} end
end)

rule("modest behind", function()
  local t = {}
  for i = 1, 1000 do t[i] = { i } end
  return score(1, "modest ran")
end)
