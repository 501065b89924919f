-- expect: hold
-- note: a span such as
-- A span that overflows.

rule("abuse", function(c)
  return score(time.span(("999999999w"):rep(3)))
end)
