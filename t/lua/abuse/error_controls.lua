-- expect: hold
-- note: abuse
-- Control characters and invalid bytes in an error.

rule("abuse", function(c)
  error("\0\r\n\27[31m\xff", 0)
end)
