-- expect: hold
-- note: it returned function
-- The constructor itself.

rule("abuse", function(c)
  return accept
end)
