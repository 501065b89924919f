-- std.wordpress: WordPress's "Discussion", by the names that its settings have.
-- It is larger than what others ask for, and read by those alone who ask for
-- it.  It is called with the table that std.lua returned.

local say = std.words
local std = ...
local options = std.options


local function words_of(keys)
  return type(keys) == "string" and list(keys) or keys
end

function std.wordpress(given)
  local o = options("wordpress", given, {
    manual = false,
    previously_approved = true,
    max_links = 2,
    moderation_keys = false,
    disallowed_keys = false,
    close_after = 0,
    name_email = true,
  })
  local moderation = words_of(o.moderation_keys)
  local disallowed = words_of(o.disallowed_keys)

  if o.name_email then
    rule("name and e-mail", { kind = "comment" }, function(c)
      if not c.author.name or not c.author.key then
        return hold(o.say, "no name or no e-mail")
      end
    end)
  end

  if o.close_after > 0 then
    rule("closed after some days", { event = "post" }, function(c)
      if c.page.age and c.page.age > o.close_after * 86400 then
        return reject(o.say, "the page is " .. time.human(c.page.age)
          .. " old")
      end
    end)
  end

  if disallowed then
    rule("disallowed keys", function(c)
      local found = c:find(disallowed)

      if found then
        return spam(found)
      end
    end)
  end

  if moderation then
    rule("moderation keys", function(c)
      local found = c:find_all(moderation)

      if #found > 0 then
        return hold(o.say, found)
      end
    end)
  end

  if o.manual then
    rule("manual approval", function()
      return hold(o.say)
    end)
  end

  if o.max_links > 0 then
    rule("max links", function(c)
      if #c.links >= o.max_links then
        return hold(o.say or say("links"), #c.links .. " links")
      end
    end)
  end

  if o.previously_approved then
    rule("previously approved", { event = "post" }, function(c)
      if c.author.approved == 0 then
        return hold(o.say or say("first"), "none published before")
      end
    end)
  end
end
