-- expect: hold
-- note: a byte is 0 to 255
-- A byte of 256.

rule("abuse", function(c)
  return hold(string.char(256))
end)
