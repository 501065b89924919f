-- expect: hold
-- note: the comment expected
-- The method of a comment on something else.

rule("abuse", function(c)
  return hold(nil, c.find(c.author, c))
end)
