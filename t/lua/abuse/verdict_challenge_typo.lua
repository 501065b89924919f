-- expect: hold
-- note: did you mean \"pow\"?
-- A misspelt challenge.

rule("abuse", function(c)
  return challenge { pwo = 3 }
end)
