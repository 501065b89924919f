-- expect: hold
-- note: <\/script>
-- Markup in a note stays text.

rule("abuse", function(c)
  return hold("x", "</script><script>alert(1)</script>")
end)
