-- expect: hold
-- note: the value at
-- From the largest to the largest.

rule("abuse", function(c)
  return hold(table.concat({}, "x", math.maxinteger, math.maxinteger))
end)
