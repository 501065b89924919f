-- expect: load
-- note: there is no "pcall" here
-- pcall does not exist.

rule("abuse", function(c)
  return score(type(pcall) == "nil" and 0 or 1)
end)
