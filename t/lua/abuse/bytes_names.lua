-- expect: load
-- note: has no
-- Invalid bytes as a field.

rule("abuse", function(c)
  return hold(c["\xff\0"])
end)
