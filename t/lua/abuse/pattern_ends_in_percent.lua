-- expect: hold
-- note: ends with \"%\"
-- A lonely escape.

rule("abuse", function(c)
  return score(("a"):find("%") or 0)
end)
