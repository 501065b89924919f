-- expect: load
-- note: there is no "_G" here
-- _G does not exist.

rule("abuse", function(c)
  return score(type(_G) == "nil" and 0 or 1)
end)
