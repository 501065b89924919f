-- expect: hold
-- note: there is no
-- A width of three digits.

rule("abuse", function(c)
  return hold(("%100d"):format(1))
end)
