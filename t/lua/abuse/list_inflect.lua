-- expect: load
-- note: words of "tlh" cannot be inflected
-- Not every language has rules.

local words = list("x.txt", { inflect = "tlh" })

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
