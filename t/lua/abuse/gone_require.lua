-- expect: load
-- note: there is no "require" here
-- require does not exist.

rule("abuse", function(c)
  return score(type(require) == "nil" and 0 or 1)
end)
