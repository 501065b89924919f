-- expect: hold
-- note: a function instead
-- An error that is a function.

rule("abuse", function(c)
  error(print)
end)
