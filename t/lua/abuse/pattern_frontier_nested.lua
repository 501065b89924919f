-- expect: hold
-- Balances and frontiers within one another, on what never closes.

rule("abuse", function(c)
  local s = ("(a"):rep(20000)
  return score(#(s:match("%f[(].-%b()%f[^)].-%b()%f[%z]") or ""))
end)
