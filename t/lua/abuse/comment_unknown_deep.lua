-- expect: load
-- note: did you mean "approved"?
-- A misspelt field of the author.

rule("abuse", function(c)
  return score(c.author.aproved)
end)
