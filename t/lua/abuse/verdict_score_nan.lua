-- expect: hold
-- note: the score must lie between
-- Not a number.

rule("abuse", function(c)
  return score(0 / 0)
end)
