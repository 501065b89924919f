-- expect: load
-- note: did you mean
-- An option that does not exist.

local words = list("x.txt", { mach = "word" })

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
