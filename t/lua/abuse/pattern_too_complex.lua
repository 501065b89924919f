-- expect: hold
-- note: the pattern is too complex
-- More choices at a time than the matcher takes.

rule("abuse", function(c)
  return score(("a"):rep(300):find(("a?"):rep(250)) or 0)
end)
