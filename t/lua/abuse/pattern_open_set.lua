-- expect: hold
-- note: without a \"]\"
-- A set without an end.

rule("abuse", function(c)
  return score(("a"):find("[a") or 0)
end)
