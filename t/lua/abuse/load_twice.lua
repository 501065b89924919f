-- expect: load
-- note: already, in line 5
-- Two rules of one name in one file.

rule("x", function() end)
rule("x", function() end)
