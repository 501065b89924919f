-- expect: load
-- note: there is no "load" here
-- load does not exist.

rule("abuse", function(c)
  return score(type(load) == "nil" and 0 or 1)
end)
