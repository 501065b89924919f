-- expect: load
-- note: 1 to 100 bytes
-- A name of 101 bytes.

rule(("x"):rep(101), function() end)
