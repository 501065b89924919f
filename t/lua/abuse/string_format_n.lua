-- expect: hold
-- note: there is no \"%n\"
-- %n writes to memory, elsewhere.

rule("abuse", function(c)
  return hold(("%n"):format(1))
end)
