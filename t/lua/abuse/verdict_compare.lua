-- expect: hold
-- note: attempt to compare two verdict
-- Verdicts have no order.

rule("abuse", function(c)
  return score(hold("a") < hold("b") and 1 or 0)
end)
