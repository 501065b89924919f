-- expect: load
-- note: not a file
-- The folder itself.

local words = list(".")

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
