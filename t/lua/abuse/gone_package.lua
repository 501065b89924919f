-- expect: load
-- note: there is no "package" here
-- package does not exist.

rule("abuse", function(c)
  return score(type(package) == "nil" and 0 or 1)
end)
