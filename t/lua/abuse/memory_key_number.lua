-- expect: hold
-- note: a span lies between

rule("store", function(c) store.set("s", 0/0, 1, -1) end)
