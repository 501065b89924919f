-- expect: hold
-- note: is table
-- A table among the texts.

rule("abuse", function(c)
  return hold(table.concat({ "a", {}, "b" }))
end)
