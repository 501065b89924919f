-- expect: hold
-- note: it used more than
-- The list grows while it is read.

rule("abuse", function(c)
  local t = { 1 }
  for i in ipairs(t) do t[i + 1] = 1 end
end)
