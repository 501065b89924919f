-- expect: hold
-- note: no table

local t = {}
t.t = t

rule("store", function(c) store.set("s", "k", t, "1d") end)
