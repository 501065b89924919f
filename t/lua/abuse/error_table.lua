-- expect: hold
-- note: a table instead of a text
-- An error that is a table.

rule("abuse", function(c)
  error({ "x" })
end)
