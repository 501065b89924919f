-- The tests of standard.lua.

local known = { proof = "cookie", approved = 1 }

test("who was published before, is", {
  author = known, text = "Thank you!",
}, "accept")
test("a first comment waits", {
  author = { approved = 0 }, text = "Thank you!",
}, "hold", "first comment")
test("staff does not", {
  author = { approved = 0, role = "staff" },
  text = "http://a.example http://b.example http://c.example",
}, "accept", "staff")
test("machines fill the hidden field", {
  author = known, form = { honeypot = true },
}, "spam", "honeypot")
test("two seconds are too few", {
  author = known, form = { seconds = 2 },
}, "hold", "sent too fast")
test("three are enough", { author = known, form = { seconds = 3 } }, "accept")
test("a page from a cache tells no seconds", {
  author = known, form = { seconds = nil },
}, "accept")
test("two links are fine", {
  author = known, text = "http://a.example http://b.example",
}, "accept")
test("three links wait", {
  author = known, text = "http://a.example http://b.example http://c.example",
}, "hold", "many links")
test("five in ten minutes", {
  author = known, rate = { author = 5 },
}, "hold", "flood")
test("four are a conversation", {
  author = known, rate = { author = 4, ip = 19 },
}, "accept")
test("a network that floods", {
  author = known, rate = { ip = 20 },
}, "hold", "flood")
test("capitals are asked about", {
  author = known, text = "WHY DOES NOBODY EVER LISTEN TO WHAT I SAY HERE?",
}, "nudge", "shouting")
test("a short shout is none", {
  author = known, text = "YES! GOOD!",
}, "accept")
test("a language without capitals does not shout", {
  author = known, text = "これは大文字のない言語で書かれたとても長いコメントです。"
    .. "大文字がないので叫ぶことはできません。とても静かです。",
}, "accept")
test("words in two alphabets", {
  author = known, text = "C\u{430}sin\u{43e} with a b\u{43e}nus",
}, "hold", "mixed alphabets")
test("one such word may be a slip", {
  author = known, text = "A hat in the n\u{43e}rth.",
}, "accept")
test("a name that is a link", {
  author = { proof = "cookie", approved = 1, name = "www.pills.example" },
}, "hold", "name is a link")
test("a shortened link", {
  author = known, text = "More about what you wrote: https://bit.ly/abc",
}, "hold", "link shortener")
test("a shortened website", {
  author = { proof = "cookie", approved = 1, url = "https://t.co/abc" },
}, "hold", "link shortener")
test("a stranger with nothing but a link", {
  author = { approved = 0 }, text = "See http://a.example",
}, "hold", "link without words")
