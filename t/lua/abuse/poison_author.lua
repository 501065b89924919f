-- expect: hold
-- note: can only be read
-- The author is written to.

rule("abuse", function(c)
  c.author.role = "staff"
end)
