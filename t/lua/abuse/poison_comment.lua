-- expect: hold
-- note: can only be read
-- The comment is written to.

rule("abuse", function(c)
  c.text = "harmless"
end)
