-- expect: accept
-- The text is exchanged under the loop.

rule("abuse", function(c)
  local s, n = ("\u{e5}"):rep(1000), 0
  for _, p in utf8.codes(s) do s = "" n = n + p end
  if n ~= 229000 then return hold("no") end
end)
