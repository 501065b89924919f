-- expect: hold
-- note: index out of range
-- A negative index beyond the start.

rule("abuse", function(c)
  return score(select(-5, 1, 2))
end)
