-- expect: hold
-- note: position out of range
-- A position beyond the end.

rule("abuse", function(c)
  table.insert({}, 1e15, 1)
end)
