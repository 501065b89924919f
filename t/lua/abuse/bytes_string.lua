-- expect: accept
-- Invalid bytes through the functions on text.

rule("abuse", function(c)
  local bad = "a\xff\xc0\x80\xed\xa0\x80\0b"
  assert(#bad == 9)
  assert(bad:upper():lower() == bad)
  assert(bad:reverse():reverse() == bad)
  assert(bad:rep(2):sub(1, 9) == bad)
  assert(bad:find("\xc0", 1, true) == 3)
  assert(bad:find("\0", 1, true) == 8)
  assert(bad:gsub("[\x80-\xff]", "") == "a\0b")
  assert(string.char(bad:byte(1, -1)) == bad)
  assert(("%s"):format(bad) == bad)
  assert(bad:match("^(.-)$") == bad)
  assert(tonumber(bad) == nil)
  assert(tostring(bad) == bad)
end)
