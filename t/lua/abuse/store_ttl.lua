-- expect: hold
-- note: abuse
-- To be kept for longer than the sun will shine.

rule("abuse", function(c)
  store.set("s", "k", 1, math.maxinteger)
end)
