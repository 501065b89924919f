-- expect: load
-- note: cannot inflect
-- What lists cannot do is said.

local words = list("x.txt", { inflect = "nb" })

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
