-- expect: load
-- note: there is no "getmetatable" here
-- getmetatable does not exist.

rule("abuse", function(c)
  return score(type(getmetatable) == "nil" and 0 or 1)
end)
