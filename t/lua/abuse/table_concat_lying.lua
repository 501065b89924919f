-- expect: hold
-- note: the value at 1
-- A range without values.

rule("abuse", function(c)
  return hold(table.concat({}, "x", 1, 1e15))
end)
