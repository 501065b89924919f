-- expect: hold
-- note: no such character
-- A surrogate.

rule("abuse", function(c)
  return hold(utf8.char(0xD800))
end)
