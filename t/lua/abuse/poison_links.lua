-- expect: hold
-- note: can only be read
-- The list of links is written to.

rule("abuse", function(c)
  c.links[1] = nil
end)
