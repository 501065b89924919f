-- expect: hold
-- note: base out of range
-- A base of 99.

rule("abuse", function(c)
  return score(tonumber("10", 99))
end)
