-- expect: accept
-- Not a time.

rule("abuse", function(c)
  assert(time.parse("2024-13-01") == nil)
  assert(time.parse("\xff") == nil)
  assert(time.parse(("1"):rep(100000)) == nil)
end)
