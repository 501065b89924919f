-- expect: hold
-- note: there is no
-- A lonely escape.

rule("abuse", function(c)
  return hold(("%"):format(1))
end)
