-- expect: accept
-- More words than it gives.

rule("abuse", function(c)
  assert(#text.words(("a "):rep(5000)) == 1000)
end)
