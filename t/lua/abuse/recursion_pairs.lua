-- expect: hold
-- A walk through a table that has itself.

rule("abuse", function(c)
  local t = {}
  t.t = t
  local function walk(x) for k, v in pairs(x) do walk(v) end end
  walk(t)
end)
