-- expect: hold
-- note: is a list
-- A name in the list of links.

rule("abuse", function(c)
  return score(c.links.url and 1)
end)
