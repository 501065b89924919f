-- expect: hold
-- note: can only be returned
-- A verdict is written to.

rule("abuse", function(c)
  local v = hold("x")
  v.verdict = "accept"
  return v
end)
