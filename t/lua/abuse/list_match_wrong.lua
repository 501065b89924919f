-- expect: load
-- note: match is
-- A way to match that does not exist.

local words = list("x.txt", { match = "regex" })

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
