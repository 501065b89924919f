-- expect: hold
-- note: at most 64 members

rule("store", function(c)
  local t = {}
  for i = 1, 1000 do t["k" .. i] = i end
  store.set("s", "k", t, "1d")
end)
