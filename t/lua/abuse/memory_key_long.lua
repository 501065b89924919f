-- expect: hold
-- note: kept

rule("store", function(c)
  local key = ("k"):rep(100000)
  store.set("s", key, "kept", "1d")
  rate.add("r", key, "1d")
  return hold("x", store.get("s", key))
end)
