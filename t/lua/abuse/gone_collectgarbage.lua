-- expect: load
-- note: there is no "collectgarbage" here
-- collectgarbage does not exist.

rule("abuse", function(c)
  return score(type(collectgarbage) == "nil" and 0 or 1)
end)
