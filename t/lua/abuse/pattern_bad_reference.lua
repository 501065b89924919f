-- expect: hold
-- note: no capture
-- A reference to what is not there.

rule("abuse", function(c)
  return score(("a"):find("%1") or 0)
end)
