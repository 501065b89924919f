-- expect: hold
-- note: value expected
-- A letter without a value.

rule("abuse", function(c)
  return hold(("%d %d"):format(1))
end)
