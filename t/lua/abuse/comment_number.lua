-- expect: hold
-- note: under a number
-- A field under a number.

rule("abuse", function(c)
  return score(c[1])
end)
