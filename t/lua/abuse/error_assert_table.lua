-- expect: hold
-- note: a table instead
-- A failed assertion with a table.

rule("abuse", function(c)
  assert(nil, {})
end)
