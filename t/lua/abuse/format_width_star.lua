-- expect: hold
-- note: format
-- A width from an argument, as in C.

rule("abuse", function(c)
  return score(#("%*d"):format(1000000000, 1))
end)
