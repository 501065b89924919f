-- expect: hold
-- note: there is no
-- More flags than there are.

rule("abuse", function(c)
  return hold(("%------5d"):format(1))
end)
