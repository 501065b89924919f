-- expect: hold
-- note: it used more than 250000 steps
-- The usual trim, on two letters far apart.

rule("abuse", function(c)
  local s = "x" .. (" "):rep(60000) .. "x"
  return score(#s:match("^%s*(.-)%s*$"))
end)
