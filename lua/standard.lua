-- The rules of a site that has none: careful, and with no settings.
-- core/rules/standard.c holds this text; a test compares both.

rule("honeypot", function(c)
  if c.form.honeypot then
    return spam("the hidden field was filled")
  end
end)

rule("many links", function(c)
  if #c.links > 2 then
    return hold({
      en = "Comments with more than two links are read by a person first.",
      nb = "Kommentarer med mer enn to lenker leses av et menneske først.",
    }, #c.links .. " links")
  end
end)

test("an ordinary comment is published", { text = "Thank you!" }, "accept")
test("two links are fine", {
  text = "http://a.example/ http://b.example/",
}, "accept")
test("three links wait", {
  text = "http://a.example/ http://b.example/ http://c.example/",
}, "hold", "many links")
test("machines fill the hidden field", {
  form = { honeypot = true },
}, "spam", "honeypot")
