-- expect: load
-- note: there is no "xpcall" here
-- xpcall does not exist.

rule("abuse", function(c)
  return score(type(xpcall) == "nil" and 0 or 1)
end)
