-- expect: accept
-- Nothing but what addresses are made of.

rule("abuse", function(c)
  assert(#text.contacts(("@"):rep(10000)) == 0)
  assert(#text.contacts(("a."):rep(5000) .. "@") == 0)
  assert(#text.contacts(("+1 "):rep(3000)) == 0)
end)
