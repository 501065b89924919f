-- expect: accept
-- utf8.offset only looks for where characters begin.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  assert(utf8.offset(bad, 2) == 2)
end)
