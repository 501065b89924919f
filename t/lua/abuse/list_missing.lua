-- expect: load
-- note: No such file
-- A list that is not there.

local words = list("missing.txt")

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
