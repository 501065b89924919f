-- expect: hold
-- note: it used more than 250000 steps
-- Replacements of replacements.

rule("abuse", function(c)
  local s = "x"
  for _ = 1, 30 do s = s:gsub("x", "xx") end
end)
