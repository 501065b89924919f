-- The desk of a newspaper.  Every rule has a name that a moderator can quote.

settings {
  language = "nb",
  default = "accept",
  thresholds = { hold = 4, spam = 10 },
}

local suspect = list("words-suspect-nb.txt", { inflect = "nb" })

local say = {
  heat = {
    nb = "Mange skriver her nå; nye innlegg leses før de vises.",
    en = "This thread is busy; new comments are read first.",
  },
  night = {
    nb = "Debatten er stengt mellom 23 og 06. Innlegget ligger i kø.",
    en = "Comments are queued between 23 and 06.",
  },
  tone = {
    nb = "Skriv om saken, ikke personen.",
    en = "Write about the matter, not the person.",
  },
}


-- People we know, and machines.

std.staff {}
std.honeypot {}

rule("proof of work", function(c)
  local busy = rate.count("ip", c.ip_key, "1h") > 20

  return challenge {
    pow = busy and 20 or 14,
    note = busy and "the network is busy" or "as always",
  }
end)


-- The tone.  Replies weigh double.

rule("suspect words", function(c)
  local found = c:find_all(suspect)

  if #found > 0 then
    return score(#found * (c.parent and 2 or 1), found)
  end
end)

rule("second person attack", function(c)
  local found = c.parent and text.near(c.folded, { "du", "deg" }, suspect, 4)

  if found then
    return hold(say.tone, found)
  end
end)


-- The thread and the clock.

rule("heat", function(c)
  local t = c.thread

  if t.per_hour > 60 and t.removed_share > 0.15 then
    return hold(say.heat, ("%d/h, %.0f %% removed"):format(t.per_hour,
      100 * t.removed_share))
  end
end)

rule("night", { path = { "/debatt/*", "/utenriks/*" } }, function(c)
  local hour = time.local_(c.time, "Europe/Oslo").hour

  if hour >= 23 or hour < 6 then
    return hold(say.night)
  end
end)

rule("old article", { unless = "trusted" }, function(c)
  if c.page.age > time.span("14d") then
    return hold(say.heat, "discussed for " .. time.human(c.page.age))
  end
end)


-- The author's record.

std.first_comment {}

rule("recent rejections", function(c)
  local r = c.author.recent("30d")

  if r.total >= 5 and r.rejected / r.total > 0.3 then
    return hold(say.tone, ("%d of %d rejected in 30 d"):format(r.rejected,
      r.total))
  end
end)


local worked = { pow_bits = 20 }

test("work is asked for first", {}, "challenge", "proof of work")
test("and then it is fine", { form = worked }, "accept")
test("staff is not asked", { author = { role = "staff" } }, "accept")
test("a suspect word alone", {
  form = worked, text = "For en idiot han er.",
}, "accept")
test("in another form, to a person", {
  form = worked, text = "Dere er idiotene, og du er en idiot.", parent = {},
}, "hold", "second person attack")
test("a heated thread", {
  form = worked, thread = { per_hour = 61, removed_share = 0.2 },
}, "hold", "heat")
test("at night", {
  form = worked, time = 1704074400, page = { path = "/debatt/sak" },
}, "hold", "night")
test("by day", {
  form = worked, time = 1704106800, page = { path = "/debatt/sak" },
}, "accept")
test("an old article", { form = worked, page = { age = 1300000 } }, "hold",
  "old article")
test("a first comment", { form = worked, author = { approved = 0 } }, "hold",
  "first comment")
test("often refused", {
  form = worked, author = { recent = { approved = 3, rejected = 2 } },
}, "hold", "recent rejections")
