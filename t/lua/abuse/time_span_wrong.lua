-- expect: hold
-- note: a span such as
-- A span of nothing.

rule("abuse", function(c)
  return score(time.span("10 parsecs"))
end)
