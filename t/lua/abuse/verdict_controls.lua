-- expect: reject
-- note: \u001b
-- alone: the rules behind do not run
-- Control characters in a note are shown, never sent.

rule("abuse", function(c)
  return reject("a\r\nSet-Cookie: x\27[31m", "a\r\nb\27[31m")
end)
