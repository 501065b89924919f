-- expect: load
-- note: path begins with
-- A path that is none.

rule("x", { path = "blog" }, function() end)
