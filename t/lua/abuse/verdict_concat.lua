-- expect: hold
-- note: attempt to concatenate a verdict
-- A verdict as text.

rule("abuse", function(c)
  return hold("x" .. accept())
end)
