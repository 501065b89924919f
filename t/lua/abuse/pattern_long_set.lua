-- expect: hold
-- note: it used more than 250000 steps
-- A set of ten thousand bytes.

rule("abuse", function(c)
  local set = "[" .. ("b"):rep(10000) .. "]"
  return score(("a"):rep(10000):find(set) or 0)
end)
