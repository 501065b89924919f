-- expect: hold
-- note: it used more than 250000 steps
-- Looking up by a long key compares it.

rule("abuse", function(c)
  local a, b = ("x"):rep(500000) .. "y", ("x"):rep(500000) .. "y"
  local t = { [a] = 1 }
  while true do local _ = t[b] end
end)
