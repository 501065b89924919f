-- expect: accept
-- note: �
-- Invalid bytes in the trace.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  print(bad)
end)
