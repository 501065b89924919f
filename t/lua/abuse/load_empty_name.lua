-- expect: load
-- note: 1 to 100 bytes
-- A rule with an empty name.

rule("", function() end)
