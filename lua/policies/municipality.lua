-- A public body: a person reads everything first, in two languages, and a
-- national identity number never reaches the page.

settings {
  language = "nb",
  default = "hold",
  default_reason = {
    nb = "Alle innlegg leses før de vises, hverdager 8–16.",
    en = "All comments are read before they are shown, on weekdays.",
  },
}


-- Eleven digits, of which the last two follow from the others.

local first = { 3, 7, 6, 1, 8, 9, 4, 5, 2 }
local second = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 }

local function check_digit(digits, weights)
  local sum = 0

  for i, weight in ipairs(weights) do
    sum = sum + weight * tonumber(digits:sub(i, i))
  end

  return (11 - sum % 11) % 11
end

local function is_identity_number(digits)
  return check_digit(digits, first) == tonumber(digits:sub(10, 10))
    and check_digit(digits, second) == tonumber(digits:sub(11, 11))
end


rule("staff", function(c)
  if c.author.role == "staff" then
    return accept("signed-in staff")
  end
end)

rule("national identity number", function(c)
  -- also written as six digits and five
  local plain = c.plain:gsub("(%d%d%d%d%d%d)[ .](%d%d%d%d%d)", "%1%2")

  for digits in plain:gmatch("%f[%d]" .. ("%d"):rep(11) .. "%f[%D]") do
    if is_identity_number(digits) then
      return reject({
        nb = "Innlegget ser ut til å inneholde et fødselsnummer. "
          .. "Fjern det og send på nytt.",
        en = "The comment seems to hold a national identity number. "
          .. "Please remove it and send again.",
      }, { note = "valid identity number", redact = digits })
    end
  end
end)

rule("telephone or e-mail", function(c)
  local found = text.contacts(c.plain)

  if #found > 0 then
    return hold({
      nb = "Kontaktopplysninger vises ikke uten videre.",
      en = "Contact details are not shown without a look at them.",
    }, found[1])
  end
end)

-- The page says until when, as <meta name="comments:deadline" content="...">
-- with a date or with a time of RFC 3339.

rule("closed cases", { path = "/hearings/*" }, function(c)
  local deadline = time.parse(c.page.meta.deadline or "")

  if deadline and c.time > deadline then
    return reject({
      nb = "Fristen for innspill i denne saken er ute.",
      en = "The time for comments on this matter is over.",
    })
  end
end)


-- The numbers are made up: their months lie between 81 and 92, as those that
-- the Norwegian tax administration gives to nobody.

test("a comment waits", { text = "Veien er for smal." }, "hold")
test("staff does not", { author = { role = "staff" } }, "accept", "staff")
test("a valid number is refused", {
  text = "Mitt nummer er 01810750126.",
}, "reject", "national identity number")
test("so is one with a blank", { text = "018107 50126" }, "reject")
test("eleven other digits are not", { text = "12345678901" }, "hold")
test("a telephone number waits", { text = "Call 22 33 44 55." }, "hold",
  "telephone or e-mail")
test("a longer number is none", { text = "018107501260" }, "hold")
test("a case that is closed", {
  page = { path = "/hearings/harbour", meta = { deadline = "2013-01-31" } },
  time = 1359700000,
}, "reject", "closed cases")
test("on the day before it is open", {
  page = { path = "/hearings/harbour", meta = { deadline = "2013-01-31" } },
  time = 1359500000,
}, "hold")
test("a case without an end", { page = { path = "/hearings/harbour" } }, "hold")
