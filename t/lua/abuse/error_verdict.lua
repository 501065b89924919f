-- expect: hold
-- note: a verdict instead
-- A verdict that is raised, not returned.

rule("abuse", function(c)
  error(accept())
end)
