-- expect: hold
-- note: table expected, got links
-- The list of links is added to.

rule("abuse", function(c)
  table.insert(c.links, 1)
end)
