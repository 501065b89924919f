-- expect: hold
-- note: the score must lie between
-- Infinite.

rule("abuse", function(c)
  return score(math.huge)
end)
