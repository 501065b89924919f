-- expect: hold
-- note: table of words
-- A table with holes.

rule("abuse", function(c)
  return hold(text.near("a b", { "a", {} }, { "b" }, 1))
end)
