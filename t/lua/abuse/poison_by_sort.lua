-- expect: hold
-- note: cannot be changed or listed
-- A library is sorted.

rule("abuse", function(c)
  table.sort(string)
end)
