-- expect: load
-- note: there is no "os" here
-- os does not exist.

rule("abuse", function(c)
  return score(type(os) == "nil" and 0 or 1)
end)
