-- expect: hold
-- note: lacks \"[\"
-- %f without a set.

rule("abuse", function(c)
  return score(("a"):find("%fa") or 0)
end)
