-- expect: load
-- note: did you mean "many links"?
-- A rule to disable that is not there.

rule("many links", function() end)
disable "many link"
