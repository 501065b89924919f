-- expect: load
-- note: did you mean "author"?
-- A misspelt field.

rule("abuse", function(c)
  return score(c.autor and 1 or 0)
end)
