-- expect: load
-- note: there is no "rawequal" here
-- rawequal does not exist.

rule("abuse", function(c)
  return score(type(rawequal) == "nil" and 0 or 1)
end)
