-- expect: hold
-- note: without a \")\"
-- A capture without an end.

rule("abuse", function(c)
  return score(("a"):find("(a") and 1)
end)
