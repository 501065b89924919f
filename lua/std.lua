-- The library "std": rules that many sites want.  Each function registers one
-- or more rules by name, as a file would by rule(): they can be disabled and
-- declared anew, and receipts name them, with the line that asked.
--
-- What a function takes, with its defaults, is the table in front of it.
-- `say` are words to the author instead of ours: a text, or one for each
-- language.  docs/rules.md, "std", is the manual.
--
-- std.wordpress is in std_wordpress.lua.

local say = std.words
local std = {}


-- What was asked for, over the defaults; a misspelt option, or a number that is
-- none, is an error in the line that wrote it.

local function options(name, given, taken)
  for key, value in pairs(given or {}) do
    if type(taken[key]) == "number" and type(value) ~= "number" then
      error("std." .. name .. ": " .. key .. " is a number, not a "
        .. type(value), 3)
    end

    if taken[key] == nil and key ~= "say" then
      local known = { "say" }

      for option in pairs(taken) do
        if option ~= "say" then
          known[#known + 1] = option
        end
      end

      error("std." .. name .. " has no \"" .. tostring(key)
        .. "\": it takes " .. table.concat(known, ", "), 3)
    end

    taken[key] = value
  end

  return taken
end


-- Who is signed in as staff is not judged.

function std.staff(given)
  options("staff", given, {})

  rule("staff", function(c)
    local role = c.author.role

    if role == "staff" or role == "moderator" then
      return accept("signed in as " .. role)
    end
  end)
end


-- Machines fill every field, also the one that readers do not see.

function std.honeypot(given)
  options("honeypot", given, {})

  rule("honeypot", function(c)
    if c.form.honeypot then
      return spam("the hidden field was filled")
    end
  end)
end


-- Nobody reads a page and writes an answer in two seconds.  `seconds` is nil
-- when a page kept by a cache tells nothing of when the form was opened.

function std.too_fast(given)
  local o = options("too_fast", given, { seconds = 3 })

  rule("sent too fast", { event = "post" }, function(c)
    local seconds = c.form.seconds

    if seconds and seconds < o.seconds then
      return hold(o.say, seconds .. " s after the form was opened")
    end
  end)
end


-- Until n comments of an author are published.  They count by what proves
-- the author: a cookie or a login, never a typed e-mail.

function std.first_comment(given)
  local o = options("first_comment", given, { n = 1 })

  rule("first comment", { event = "post" }, function(c)
    if c.author.approved < o.n then
      return hold(o.say or say("first"),
        c.author.approved .. " published before")
    end
  end)
end


function std.links(given)
  local o = options("links", given, { max = 2 })

  rule("many links", function(c)
    if #c.links > o.max then
      return hold(o.say or say("links"), #c.links .. " links")
    end
  end)
end


-- Comments in a short time: by an author's e-mail, and by a network, where
-- many people may be.  The limits of the configuration refuse what comes much
-- faster; this lets a moderator see what comes a little too fast.

function std.flood(given)
  local o = options("flood", given, { max = 5, network = 20, span = "10m" })

  rule("flood", { event = "post" }, function(c)
    local mine = rate.count("author", c.author.key, o.span)
    local near = rate.count("ip", c.ip_key, o.span)

    if mine >= o.max or near >= o.network then
      return hold(o.say or say("flood"),
        mine .. " by the author, " .. near .. " from the network in "
        .. o.span)
    end
  end)
end


-- Capitals, in languages that have them.

function std.shouting(given)
  local o = options("shouting", given, { share = 0.7, length = 40 })

  rule("shouting", function(c)
    if c.length > o.length and c.script.caps > o.share then
      return nudge(o.say or say("shouting"),
        ("%.0f %% capitals"):format(100 * c.script.caps))
    end
  end)
end


-- Letters of one alphabet that look like those of another hide words.  One
-- such word may be a slip.

function std.mixed_alphabets(given)
  local o = options("mixed_alphabets", given, { max = 1 })

  rule("mixed alphabets", function(c)
    local mixed = c.script.mixed_words

    if mixed > o.max then
      return hold(o.say, mixed .. " words mix alphabets")
    end
  end)
end


-- Comments that are there for their link.  Rules never see the e-mail, so a
-- throw-away address cannot be known; what it is thrown away for can be.

local shorteners = {
  ["bit.ly"] = true, ["tinyurl.com"] = true, ["goo.gl"] = true,
  ["t.co"] = true, ["is.gd"] = true, ["ow.ly"] = true, ["cutt.ly"] = true,
  ["rebrand.ly"] = true, ["shorturl.at"] = true, ["rb.gy"] = true,
  ["t.ly"] = true, ["tiny.cc"] = true, ["v.gd"] = true, ["s.id"] = true,
  ["bl.ink"] = true, ["adf.ly"] = true,
}

local function host_of(url)
  local host = url and url:match("^%a+://([^/:?#]+)")

  return host and host:match("^www%.(.+)$") or host
end

function std.throwaway(given)
  local o = options("throwaway", given, { words = 6 })

  rule("name is a link", function(c)
    local name = c.author.name

    if name and (#text.links(name) > 0 or #text.contacts(name) > 0) then
      return hold(o.say, "the name is " .. name)
    end
  end)

  rule("link shortener", function(c)
    local host = host_of(c.author.url)

    if host and shorteners[host] then
      return hold(o.say, "the website is at " .. host)
    end

    for _, link in ipairs(c.links) do
      if shorteners[link.domain] then
        return hold(o.say, "a link is at " .. link.domain)
      end
    end
  end)

  rule("link without words", function(c)
    if #c.links > 0 and c.words - #c.links < o.words
       and c.author.approved == 0
    then
      return hold(o.say, #c.links .. " links and " .. c.words .. " words")
    end
  end)
end


std.options = options

return std
