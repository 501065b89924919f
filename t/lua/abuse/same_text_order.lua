-- expect: hold
-- note: B a å
-- Texts are in the order of their bytes.

rule("abuse", function(c)
  local t = { "å", "a", "B" }
  table.sort(t)
  return hold("x", table.concat(t, " "))
end)
