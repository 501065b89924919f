-- expect: load
-- note: does not lie beside
-- A list in another folder.

local words = list("../../../etc/passwd")

rule("abuse", function(c)
  return hold(nil, c:find(words))
end)
