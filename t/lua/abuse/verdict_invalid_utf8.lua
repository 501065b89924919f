-- expect: hold
-- note: �
-- Invalid bytes in words and notes.

rule("abuse", function(c)
  return hold("a\xff", "b\xfe")
end)
