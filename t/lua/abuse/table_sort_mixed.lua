-- expect: hold
-- note: attempt to compare
-- Numbers and texts have no order.

rule("abuse", function(c)
  table.sort({ 1, "a", 2 })
end)
