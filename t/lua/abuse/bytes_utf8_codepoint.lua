-- expect: hold
-- note: not UTF-8 at byte 2
-- utf8.codepoint refuses.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  return score(utf8.codepoint(bad, 1, -1))
end)
