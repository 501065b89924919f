-- expect: hold
-- note: abuse
-- A table as a key.

rule("abuse", function(c)
  return score(rate.add("x", {}, "1h"))
end)
