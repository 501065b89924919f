-- expect: hold
-- note: a list expected
-- No list.

rule("abuse", function(c)
  return hold(nil, c:find({}))
end)
