-- expect: hold
-- note: under a nil
-- A field under nil.

rule("abuse", function(c)
  return score(c[nil])
end)
