-- expect: hold
-- note: is not a number
-- Reckoning with words.

rule("abuse", function(c)
  return score("ten" + 5)
end)
