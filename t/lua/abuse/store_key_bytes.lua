-- expect: hold
-- note: the store keeps UTF-8 text
-- A key and a value of any bytes.

rule("abuse", function(c)
  store.set("s", "\0\xff\n", "\0\xff", "1d")
  local v = store.get("s", "\0\xff\n")
  if v == nil then return hold("no") end
end)
