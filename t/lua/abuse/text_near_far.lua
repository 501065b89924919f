-- expect: hold
-- note: 0 to 1000
-- More words than there are.

rule("abuse", function(c)
  return hold(text.near("a b", { "a" }, { "b" }, math.maxinteger))
end)
