-- expect: load
-- note: names_misspelt.lua:6: there is no "holt" here; did you mean "hold"?
-- A name that would be asked for once in a thousand comments.

rule("abuse", function(c)
  if c.words > 1e9 then return holt("x") end
end)
