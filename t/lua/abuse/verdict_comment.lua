-- expect: hold
-- note: it returned comment
-- The comment itself.

rule("abuse", function(c)
  return c
end)
