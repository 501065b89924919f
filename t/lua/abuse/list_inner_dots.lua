-- expect: load
-- note: does not lie beside
-- A way that goes back.

local words = list("a/../../b.txt")

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
