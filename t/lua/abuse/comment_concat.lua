-- expect: hold
-- note: attempt to concatenate a comment
-- The comment as text.

rule("abuse", function(c)
  return hold("x" .. c)
end)
