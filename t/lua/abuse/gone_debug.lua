-- expect: load
-- note: there is no "debug" here
-- debug does not exist.

rule("abuse", function(c)
  return score(type(debug) == "nil" and 0 or 1)
end)
