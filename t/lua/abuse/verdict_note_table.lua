-- expect: hold
-- note: a note that is a list has matches
-- A note that is a table.

rule("abuse", function(c)
  return hold("x", { {} })
end)
