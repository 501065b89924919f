-- expect: hold
-- note: cannot be changed or listed
-- A library is written to by a function.

rule("abuse", function(c)
  table.insert(string, "x")
end)
