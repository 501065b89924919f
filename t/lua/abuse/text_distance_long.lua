-- expect: hold
-- note: at most 64
-- Distance is quadratic: short texts only.

rule("abuse", function(c)
  return score(text.distance(("a"):rep(1000), ("b"):rep(1000)))
end)
