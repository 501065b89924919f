-- expect: accept
-- A long needle that nearly fits, searched plainly.

rule("abuse", function(c)
  local hay = ("a"):rep(60000)
  assert(hay:find(("a"):rep(30000) .. "b", 1, true) == nil)
end)
