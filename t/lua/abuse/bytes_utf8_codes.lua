-- expect: hold
-- note: not UTF-8 at byte 2
-- utf8.codes refuses.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  for _ in utf8.codes(bad) do end
end)
