-- expect: hold
-- Three texts of the most that is allowed.

rule("abuse", function(c)
  local s = ("x"):rep(1048576)
  return score(#("%s%s%s"):format(s, s, s))
end)
