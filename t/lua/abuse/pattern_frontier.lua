-- expect: hold
-- note: it used more than 250000 steps
-- A frontier with a long set at each place.

rule("abuse", function(c)
  local set = "%f[" .. ("b"):rep(5000) .. "]"
  return score(("a"):rep(5000):find(set) or 0)
end)
