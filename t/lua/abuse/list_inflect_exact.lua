-- expect: load
-- note: inflect goes with match="word"
-- Parts of words have no stem.

local words = list("x.txt", { inflect = "nb", match = "substring" })

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
