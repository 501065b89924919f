-- expect: load
-- note: there is no "io" here
-- io does not exist.

rule("abuse", function(c)
  return score(type(io) == "nil" and 0 or 1)
end)
