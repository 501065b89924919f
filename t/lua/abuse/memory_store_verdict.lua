-- expect: hold
-- note: the store keeps text

rule("store", function(c) store.set("s", "k", hold("x"), "1d") end)
