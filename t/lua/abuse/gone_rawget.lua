-- expect: load
-- note: there is no "rawget" here
-- rawget does not exist.

rule("abuse", function(c)
  return score(type(rawget) == "nil" and 0 or 1)
end)
