-- expect: hold
-- note: while the file loads
-- A list within a rule.

rule("abuse", function(c)
  return hold(nil, c:find(list("x.txt")))
end)
