-- expect: hold
-- note: attempt to call
-- The comment as a function.

rule("abuse", function(c)
  return c()
end)
