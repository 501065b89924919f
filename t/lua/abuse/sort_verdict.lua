-- expect: hold
-- note: compare
-- Verdicts have no order.

rule("abuse", function(c)
  local t = { hold("a"), hold("b") }
  table.sort(t)
end)
