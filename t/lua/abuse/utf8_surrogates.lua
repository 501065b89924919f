-- expect: accept
-- Half a surrogate pair is none.

rule("abuse", function(c)
  local n, at = utf8.len("a\xED\xA0\x80")
  if n ~= nil or at ~= 2 then return hold("no") end
end)
