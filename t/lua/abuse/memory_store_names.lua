-- expect: hold
-- note: names of UTF-8

rule("store", function(c)
  store.set("s", "k", { ["a\0b"] = 1, ["a\0a"] = 2, ["\xff"] = 3 }, "1d")
end)
