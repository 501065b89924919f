-- expect: hold
-- note: no capture
-- A capture the pattern does not have.

rule("abuse", function(c)
  return hold((("a"):gsub("a", "%2")))
end)
