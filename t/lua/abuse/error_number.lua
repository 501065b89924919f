-- expect: hold
-- note: raised the number
-- An error that is a number.

rule("abuse", function(c)
  error(42, 0)
end)
