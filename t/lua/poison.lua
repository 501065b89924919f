-- What rules may try to leave behind for the next comment.  Each function of
-- `attacks` is one comment's, by its number; t/unit/rules_kept_test.c adds an
-- attack on each name of the sandbox, in front of this file, and asks after
-- each of them what a probe sees.

local count, flag, stash = 0, nil, nil
local seen, list_of = {}, { "a", "b", "c" }
local box = { n = 1, inner = { deep = { value = "as loaded" } } }
local words = setting("one", "two")
local greet = function() return "hello" end

config = { limit = 3, names = { "x", "y" } }
function shared(s) return s .. "!" end

predicate("probing", function(c) return c.text == "probe" end)

local function forever() while true do end end
local function deep(n) return 1 + deep(n + 1) end
local function noted(c) seen[#seen + 1] = c.text return #seen end

local own = {
  function() count = count + 1 end,
  function() flag = "set" end,
  function(c) stash = c end,
  function(c) stash = c.links end,
  function(c) stash = c.author end,
  function() stash = hold("a verdict of another comment") end,
  function() stash = ("a b c"):gmatch("%a") stash() end,
  function(c) noted(c) noted(c) end,
  function() seen.key = seen end,
  function() list_of[2] = nil end,
  function() table.remove(list_of) table.remove(list_of) end,
  function() table.insert(list_of, 1, "first") end,
  function() table.sort(list_of, function(a, b) return a > b end) end,
  function() table.sort(list_of, function() error("in the middle") end) end,
  function() for i = 1, 200 do list_of[i] = i end end,
  function() for i = 1, 200 do box["key" .. i] = i end end,
  function() box.n, box.inner = nil, nil end,
  function() box.inner.deep.value = "changed" end,
  function() box.inner.deep = box end,
  function() box = { n = 2, inner = { deep = { value = "other" } } } end,
  function() greet = function() return "goodbye" end end,
  function() words.one = "three" words[1] = "four" end,
  function() config.limit = 99 end,
  function() config.names = nil end,
  function() config.names[1] = "z" error("and then it fails") end,
  function() shared = nil end,
  function() new_global = 1 end,
  function() forever() end,
  function() deep(1) end,
  function() error() end,
  function() error({ box }) end,
  function() error(box) end,
  function() local s = "x" while true do s = s .. s end end,
  function() local s = "x" for _ = 1, 19 do s = s .. s end stash = s end,
  function() while true do seen[#seen + 1] = { {} } end end,
  function() for i = 1, 1e9 do box[i] = "s" .. i end end,
  function() return ("x"):rep(1e9) end,
  function() return ("http"):rep(2000):find("http.*http.*http.*casino") end,
  function() return ("(a"):find("(") end,
  function() ("abc"):gsub("%a", function() error("inside of gsub") end) end,
  function() ("abc"):gsub("%a", function(s)
    count = count + 1 return s:rep(1000) end) end,
  function() for i = 1, 1000 do stash = "short " .. i end end,
  function() for _ = 1, 100 do stash = math.random() end end,
  function(c) stash = text.fold(c.text .. "\u{200b}ÅSE") .. c.folded end,
  function(c) stash = c.lang stash = c.script stash = c.html end,
  function() tag("left over") end,
  function() store.set("s", "k", "left over", "1d") end,
  function() rate.add("mine", "k", "1d") end,
  function() print("left over") end,
  function() return hold(nil, { note = "x", redact = "as loaded" }) end,
  function() return score(100, "left over") end,
  function() return reject({ nb = "Nei.", en = "No." }) end,
  function() return challenge { pow = 20 } end,
  function() hold("made and not returned") end,
  function() return true end,
  function() return hold("two"), 2 end,
  function() rule("late", function() end) end,
  function() rule = nil end,
  function() include "other.lua" end,
  function() list("other.txt") end,
  function() settings { default = "reject" } end,
  function() disable("probe") end,
  function() predicate("late", function() return true end) end,
  function() test("late", {}, "spam") end,
  function() std.links { max = 0 } end,
  function(c) c.text = "changed" end,
  function(c) c.author.name = "changed" end,
  function(c) c.links[1] = "changed" end,
  function(c) for k in pairs(c) do c[k] = nil end end,
  function(c) table.insert(c, 1) end,
  function(c) table.sort(c.links) end,
  function(c) stash = { c:find_all(stash) } end,
}

for i = 1, #own do attacks[#attacks + 1] = own[i] end

local n_attacks = #attacks

-- The number of a comment is its text.

rule("attack", { unless = "probing" }, function(c)
  local attack = attacks[tonumber(c.text)]
  return attack and attack(c)
end)

rule("attack again", { on_error = "skip" }, function(c)
  local attack = attacks[tonumber(c.text)]
  return attack and attack(c)
end)

local function show(name, value, depth)
  if type(value) ~= "table" or depth == 0 then
    print(name, value)
    return
  end

  for k, v in pairs(value) do
    show(name .. "." .. tostring(k), v, depth - 1)
  end
end

rule("probe", { only = "probing" }, function(c)
  print("attacks", n_attacks, #attacks)
  print(count, flag, stash, greet(), shared("s"), #seen)
  show("box", box, 4)
  show("list", list_of, 2)
  show("words", words, 2)
  show("config", config, 3)
  show("seen", seen, 2)
  print(math.random(1000), store.get("s", "k"), rate.count("mine", "k", "1d"))
  names_are_right()

  return score(count)
end)
