-- expect: hold
-- note: …
-- A note of a megabyte is cut.

rule("abuse", function(c)
  return hold("x", ("y"):rep(1000000))
end)
