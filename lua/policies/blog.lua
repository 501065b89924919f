-- A small blog.  No single sign condemns a comment: signs add up.  4 points
-- hold it for the author of the blog, 8 make it spam.

settings {
  thresholds = { hold = 4, spam = 8 },
}


-- People who are known.  A name and an e-mail can be typed by anybody; a
-- cookie or a login proves that it is the same person as before.

rule("known and proven author", function(c)
  local a = c.author

  if a.proof ~= "none" and a.approved >= 3 and a.spam == 0 then
    return accept(a.approved .. " approved before")
  end
end)

rule("spammed before", function(c)
  if c.author.spam > 0 then
    return score(4, c.author.spam .. " comments were spam")
  end
end)


-- Machines.  `seconds` is nil when nobody knows when the form was opened:
-- that is no sign of anything.

rule("honeypot", function(c)
  if c.form.honeypot then
    return spam("the hidden field was filled")
  end
end)

rule("sent too fast", function(c)
  local seconds = c.form.seconds

  if seconds and seconds < 4 then
    return score(3, seconds .. " s after the form was opened")
  end
end)


-- The text.

rule("links without words", function(c)
  if #c.links > 0 and c.words < 6 then
    return score(3, #c.links .. " links in " .. c.words .. " words")
  end
end)

rule("many links", function(c)
  if #c.links > 2 then
    return score(#c.links, #c.links .. " links")
  end
end)

rule("name is an address", function(c)
  if c.author.name:find("https?://") or c.author.name:find("www%.") then
    return score(4, c.author.name)
  end
end)

local phrases = { "click here", "cheap", "casino", "work from home" }

rule("phrases of spam", function(c)
  local text = c.plain:lower()
  local found = {}

  for _, phrase in ipairs(phrases) do
    -- plain: a phrase is not a pattern
    if text:find(phrase, 1, true) then
      table.insert(found, phrase)
    end
  end

  if #found > 0 then
    return score(3 * #found, table.concat(found, ", "))
  end
end)


test("an ordinary comment", { text = "Thank you, this helped me." }, "accept")
test("one phrase alone is no spam", {
  text = "I found these shoes cheap.",
}, "accept")
test("two phrases wait", {
  text = "Click here for cheap shoes that everybody will like.",
}, "hold", "phrases of spam")
test("signs add up", {
  text = "Cheap casino! http://a.example/",
}, "spam", "links without words")
test("a proven author is not judged", {
  author = { proof = "cookie", approved = 3 },
  text = "Cheap casino! http://a.example/",
}, "accept", "known and proven author")
test("a typed name proves nothing", {
  author = { proof = "none", approved = 3 },
  text = "Cheap casino! http://a.example/",
}, "spam")
test("a page from a cache does not look fast", {
  form = { seconds = nil },
}, "accept")
test("fast and with a link", {
  form = { seconds = 2 },
  text = "Look: http://a.example/",
}, "hold", "sent too fast")
