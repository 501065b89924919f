-- expect: hold
-- note: abuse
-- format puts a long text many times.

rule("abuse", function(c)
  local s = ("x"):rep(200000)
  return hold(("%s%s%s%s%s%s"):format(s, s, s, s, s, s))
end)
