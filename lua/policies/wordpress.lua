-- What a site had that comes from WordPress, under "Discussion".  Words match
-- whole words, and nothing is thrown away: spam can be looked through.

settings { default = "accept", language = "en" }

std.staff {}
std.honeypot {}
std.wordpress {
  previously_approved = true,
  max_links = 2,
  moderation_keys = "words-moderation.txt",
  disallowed_keys = "words-disallowed.txt",
  close_after = 365,
  name_email = true,
}


local known = { key = "0a1b", proof = "cookie", approved = 1 }

test("who was approved before is published", { author = known }, "accept")
test("who was not waits", {
  author = { key = "0a1b", approved = 0 },
}, "hold", "previously approved")
test("two links wait", {
  author = known, text = "http://a.example http://b.example",
}, "hold", "max links")
test("a word that waits", {
  author = known, text = "Ask the press.",
}, "hold", "moderation keys")
test("it is not in WordPress", {
  author = known, text = "WordPress is a program.",
}, "accept")
test("a word of spam", {
  author = known, text = "cheap pills now",
}, "spam", "disallowed keys")
test("a page that is more than a year old", {
  author = known, page = { age = 366 * 86400 },
}, "reject", "closed after some days")
test("no e-mail", { author = { approved = 1 } }, "hold", "name and e-mail")
test("staff is not judged", {
  author = { role = "staff", approved = 0 },
}, "accept", "staff")
