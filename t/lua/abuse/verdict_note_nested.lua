-- expect: hold
-- note: a note must be text
-- A note in a note in a note.

rule("abuse", function(c)
  return hold(nil, { note = { note = "x" } })
end)
