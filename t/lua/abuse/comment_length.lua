-- expect: hold
-- note: attempt to get length
-- The length of the comment object.

rule("abuse", function(c)
  return score(#c)
end)
