-- expect: load
-- note: there is no "loadstring" here
-- loadstring does not exist.

rule("abuse", function(c)
  return score(type(loadstring) == "nil" and 0 or 1)
end)
