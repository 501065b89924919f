-- What many weblogs have under "Discussion": words that wait, words that are
-- spam, links that wait.  Whole words: "press" does not hold "WordPress".

settings { default = "accept", language = "en" }

local moderation = list("words-moderation.txt")
local disallowed = list("words-disallowed.txt")


rule("disallowed words", function(c)
  local found = c:find(disallowed)

  if found then
    return spam(found)
  end
end)

rule("moderation words", function(c)
  local found = c:find_all(moderation)

  if #found > 0 then
    return hold("We read your comment before it is shown.", found)
  end
end)

rule("contact details", function(c)
  local found = text.contacts(c.plain)

  if #found > 0 then
    return hold("Contact details are read before they are shown.", found)
  end
end)

rule("shouting", function(c)
  if c.length > 40 and c.script.caps > 0.7 then
    return hold("We read your comment before it is shown.", "capitals")
  end
end)

rule("mixed alphabets", function(c)
  if c.script.mixed_words > 1 then
    return hold(nil, c.script.mixed_words .. " words mix alphabets")
  end
end)


test("plain words", { text = "WordPress is a program." }, "accept")
test("a word that waits", { text = "Ask the PRESS." }, "hold",
  "moderation words")
test("a phrase", { text = "Buy cheap   pills now" }, "spam",
  "disallowed words")
test("in disguise", { text = "p\u{440}ess it, ca\u{200b}sino!" }, "spam")
test("a telephone number", { text = "Call 22 33 44 55." }, "hold",
  "contact details")
test("loud", {
  text = "I TOLD YOU ALL BEFORE THAT THIS WOULD HAPPEN",
}, "hold", "shouting")
