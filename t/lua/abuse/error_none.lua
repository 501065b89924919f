-- expect: hold
-- note: a nil instead of a text
-- An error without a value.

rule("abuse", function(c)
  error()
end)
