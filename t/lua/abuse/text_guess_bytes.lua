-- expect: accept
-- note: "note":"6"

rule("bytes", function(c)
  local n = 0
  for _, s in ipairs { "", "\xff\xfe", ("\xf0\x9f"):rep(1000), "\0", ("a"):rep(100), ("\xd7"):rep(99) } do
    lang.guess(s)
    text.leet(s)
    n = n + 1
  end
  return score(1, tostring(n))
end)
