-- expect: hold
-- note: more than one value
-- Two verdicts.

rule("abuse", function(c)
  return accept(), hold("x")
end)
