-- expect: hold
-- note: it used more than 250000 steps

rule("store", function(c)
  store.set("s", "k", ("x"):rep(1000), "1d")
  while true do store.get("s", "k") end
end)
