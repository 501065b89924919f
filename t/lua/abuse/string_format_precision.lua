-- expect: hold
-- note: 1.00000
-- As many digits as there can be: 310 and 99.

rule("abuse", function(c)
  local s = ("%.99f"):format(math.maxinteger * 1.0)
  assert(#s == 19 + 1 + 99)
  return hold("x", ("%.5f"):format(1))
end)
