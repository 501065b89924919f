-- expect: load
-- note: there is no "rawset" here
-- rawset does not exist.

rule("abuse", function(c)
  return score(type(rawset) == "nil" and 0 or 1)
end)
