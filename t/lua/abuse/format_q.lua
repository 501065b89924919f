-- expect: accept
-- A table as a literal: its type, no address.

rule("abuse", function(c)
  return score(#("%q"):format({}))
end)
