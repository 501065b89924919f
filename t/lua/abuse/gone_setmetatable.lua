-- expect: load
-- note: there is no "setmetatable" here
-- setmetatable does not exist.

rule("abuse", function(c)
  return score(type(setmetatable) == "nil" and 0 or 1)
end)
