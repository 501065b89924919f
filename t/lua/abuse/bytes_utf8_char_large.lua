-- expect: hold
-- note: no such character
-- Beyond Unicode.

rule("abuse", function(c)
  return hold(utf8.char(0x110000))
end)
