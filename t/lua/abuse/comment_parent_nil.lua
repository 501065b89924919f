-- expect: hold
-- note: attempt to index a nil value
-- No parent is nil, not an empty one.

rule("abuse", function(c)
  return score(c.parent.author.name and 1)
end)
