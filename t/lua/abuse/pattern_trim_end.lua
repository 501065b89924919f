-- expect: hold
-- note: it used more than 250000 steps
-- The usual trim of the end, on blanks and one letter.

rule("abuse", function(c)
  local s = (" "):rep(60000) .. "x"
  return score(#s:gsub("%s+$", ""))
end)
