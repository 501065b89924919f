-- expect: hold
-- note: a nil instead of a text
-- An error that is nothing.

rule("abuse", function(c)
  error(nil)
end)
