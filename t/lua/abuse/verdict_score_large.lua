-- expect: hold
-- note: the score must lie between
-- One too many.

rule("abuse", function(c)
  return score(1000001)
end)
