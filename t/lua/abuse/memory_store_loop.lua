-- expect: hold
-- note: rules write at most 64 times for one comment

rule("store", function(c)
  for i = 1, 1e9 do store.set("s", i, ("x"):rep(1000), "1d") end
end)
