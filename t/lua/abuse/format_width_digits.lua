-- expect: hold
-- note: format
-- A width of eleven digits.

rule("abuse", function(c)
  return score(#("%99999999999d"):format(1))
end)
