-- expect: hold
-- note: a note must be text
-- A note that is a table.

rule("abuse", function(c)
  return hold("x", {})
end)
