-- expect: load
-- note: there is no "rawlen" here
-- rawlen does not exist.

rule("abuse", function(c)
  return score(type(rawlen) == "nil" and 0 or 1)
end)
