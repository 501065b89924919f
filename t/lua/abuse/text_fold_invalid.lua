-- expect: accept
-- Bytes that are not UTF-8, through all of text.

rule("abuse", function(c)
  local s = "a\xff\xc3\x28\xed\xa0\x80\xf5\0b\xe2\x80"
  assert(text.fold(s):sub(1, 1) == "a")
  assert(text.len(s) == 12)
  assert(text.sub(s, 2, 2) == "\xff")
  assert(text.lower(s) == s)
  assert(text.trim(s) == s)
  assert(#text.words(s) == 2)
  assert(#text.links(s) == 0)
  assert(#text.contacts(s) == 0)
  assert(text.distance(s, s) == 0)
  assert(text.mask(s, {}) == s)
  assert(text.near(s, { "a" }, { "b" }, 9).text == "a")
end)
