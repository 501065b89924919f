-- expect: load
-- note: there is no "next" here
-- next does not exist.

rule("abuse", function(c)
  return score(type(next) == "nil" and 0 or 1)
end)
