-- expect: hold
-- note: it returned table
-- A table that looks like one is no verdict.

rule("abuse", function(c)
  return { verdict = "accept" }
end)
