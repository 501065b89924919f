-- expect: hold
-- note: can only be read
-- comment: {"text":"http://a.example/"}
-- A link is written to.

rule("abuse", function(c)
  c.links[1].url = "x"
end)
