-- expect: accept
-- utf8.len tells where it ends to be UTF-8.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  local n, at = utf8.len(bad)
  assert(n == nil and at == 2)
end)
