-- A community of people who come back: trust grows, who writes too much is
-- asked to wait, and a quarrel cools down.

settings { default = "accept", language = "en" }

predicate("regular", function(c)
  return c.author.proof ~= "none" and c.author.approved >= 20
    and c.author.spam == 0
end)


rule("too much", { unless = { "staff", "regular" } }, function(c)
  local n = rate.count("author", c.author.key, "10m")

  if n >= 5 then
    return reject("You have posted five comments in ten minutes. "
      .. "Please wait a little.", n .. " in 10m")
  end
end)

rule("new here", { unless = "trusted" }, function(c)
  if c.author.approved < 2 then
    return hold("Your first two comments are read by a moderator.")
  end
end)

rule("shouting", function(c)
  if c.length > 40 and c.script.caps > 0.7 then
    return nudge("Please write without so many capital letters.")
  end
end)

rule("back and forth", { unless = "staff" }, function(c)
  if c.parent and c.thread.pair_replies(c.author.key, c.parent.author.key,
                                        "1h") >= 8
  then
    return hold("This exchange has become heated: "
      .. "a moderator reads new replies first.", "8 replies in 1 h")
  end
end)


-- Three refused comments in a month, and a moderator reads all of them for a
-- week.

rule("often refused", function(c)
  local r = c.author.recent("30d")

  if r.rejected >= 3 and not store.get("watched", c.author.key) then
    store.set("watched", c.author.key, { since = c.time }, "7d")
  end
end)

rule("watched", function(c)
  local watched = store.get("watched", c.author.key)

  if watched then
    tag("watched")
    return hold(nil, "watched since " .. time.date(watched.since))
  end
end)


local member = { key = "0a1b", proof = "cookie", approved = 3 }

test("a member", { author = member }, "accept")
test("a new one", { author = { approved = 1 } }, "hold", "new here")
test("five in ten minutes", {
  author = member, rate = { author = 5 },
}, "reject", "too much")
test("a regular may", {
  author = { key = "0a1b", proof = "cookie", approved = 20 },
  rate = { author = 9 },
}, "accept")
test("a quarrel", {
  author = member, parent = { author = { key = "0c0d" } },
  thread = { pair_replies = 8 },
}, "hold", "back and forth")
test("an exchange is none", {
  author = member, parent = { author = { key = "0c0d" } },
  thread = { pair_replies = 7 },
}, "accept")
test("shouting", {
  author = member, text = "WHY DOES NOBODY LISTEN TO WHAT I SAY ABOUT THIS",
}, "nudge", "shouting")
test("refused three times", {
  author = { key = "0a1b", proof = "cookie", approved = 3,
             recent = { rejected = 3 } },
}, "hold", "watched")
test("and so for a week", {
  author = member,
  store = { watched = { ["0a1b"] = { since = 1704067200 } } },
}, "hold", "watched")
