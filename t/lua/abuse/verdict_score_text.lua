-- expect: hold
-- note: the score must be a number
-- A text.

rule("abuse", function(c)
  return score("5")
end)
