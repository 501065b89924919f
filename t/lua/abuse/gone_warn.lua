-- expect: load
-- note: there is no "warn" here
-- warn does not exist.

rule("abuse", function(c)
  return score(type(warn) == "nil" and 0 or 1)
end)
