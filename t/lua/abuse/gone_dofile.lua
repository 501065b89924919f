-- expect: load
-- note: there is no "dofile" here
-- dofile does not exist.

rule("abuse", function(c)
  return score(type(dofile) == "nil" and 0 or 1)
end)
