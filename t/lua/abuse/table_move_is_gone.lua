-- expect: load
-- note: there is no "move" in "table"
-- move takes arguments that lie by 10^15.

rule("abuse", function(c)
  table.move({}, 1, 1e15, 2)
end)
