-- expect: load
-- note: there is no "loadfile" here
-- loadfile does not exist.

rule("abuse", function(c)
  return score(type(loadfile) == "nil" and 0 or 1)
end)
