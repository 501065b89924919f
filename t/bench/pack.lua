-- Twenty rules as a busy site may have them: lists, folded text, patterns,
-- counts, what is remembered.  What they may cost on a comment of 600 bytes is
-- a goal: `./dev bench BENCH=rules`, t/unit/rules_pack_test.c.

settings {
  thresholds = { hold = 4, spam = 12 },
  default_reason = { en = "A moderator reads this first.",
                     nb = "En moderator leser dette først." },
}

local words = list("pack-words.txt")
local forms = list("pack-words.txt", { inflect = "nb" })
local parts = list("pack-words.txt", { match = "substring" })
local sites = list("pack-sites.txt", { match = "domain" })

std.staff {}
std.honeypot {}
std.too_fast {}
std.flood {}
std.mixed_alphabets {}

rule("words", { unless = "trusted" }, function(c)
  local found = c:find_all(words)
  if #found > 0 then return score(2 * #found, found) end
end)

rule("their forms", { unless = "trusted" }, function(c)
  local n = c:count(forms)
  if n > 0 then return score(n, n .. " forms") end
end)

rule("inside of words", function(c)
  local found = c:find(parts)
  if found then return score(0.5, found) end
end)

rule("bad sites", function(c)
  local found = c:find(sites)
  if not found then return end
  rate.add("strike", c.author.key, "30d")
  return spam(found)
end)

rule("digits for letters", function(c)
  local found = words:find(text.leet(c.folded))
  if found then return score(1, found) end
end)

rule("many links", function(c)
  if #c.links > 3 then return hold(nil, #c.links .. " links") end
end)

rule("links to one place", function(c)
  local seen = {}
  for _, link in ipairs(c.links) do
    seen[link.domain] = (seen[link.domain] or 0) + 1
    if seen[link.domain] > 2 then return score(2, link.domain) end
  end
end)

rule("contacts", function(c)
  local found = text.contacts(c.plain)
  if #found > 0 and c.author.approved == 0 then return score(2, found) end
end)

rule("against somebody", function(c)
  local found = text.near(c.folded, { "du", "deg", "you" }, words, 4)
  if found then return score(3, found) end
end)

rule("capitals", function(c)
  if c.length > 40 and c.script.caps > 0.6 then
    return score(2, ("%.0f %% capitals"):format(100 * c.script.caps))
  end
end)

rule("the same letter", function(c)
  local most = 0
  for run in c.plain:gmatch("!+") do most = math.max(most, #run) end
  if most > 5 then return score(1, most .. " times !") end
end)

rule("another language", function(c)
  if c.lang.code and c.lang.code ~= "nb" and c.lang.code ~= "en" then
    return score(0.5, c.lang.code)
  end
end)

rule("many emoji", function(c)
  if c.emoji > 10 then return score(1, c.emoji .. " emoji") end
end)

rule("at night", function(c)
  local hour = time.local_(c.time, "Europe/Oslo").hour
  if hour < 5 then return score(1, "at " .. hour .. " o'clock") end
end)

rule("remembered", function(c)
  local ban = store.get("ban", c.author.key)
  local strikes = rate.count("strike", c.author.key, "30d")
  if ban or strikes > 3 then return hold(nil, strikes .. " strikes") end
end)

local new = { approved = 0, key = "0a1b" }

test("what people write", { text = "I was there, and it was as you say." },
  "accept")
test("an insult", { text = "You are an idiot, and a fool.", author = new },
  "hold", "words")
test("one in disguise, at night", { text = "1di0t! 22 33 44 55",
  author = new, time = 1704078000 }, "hold")
test("a bad site", { text = "See http://www.casino.example/" }, "spam",
  "bad sites")
test("who is remembered", { author = new, rate = { strike = 4 } }, "hold",
  "remembered")
