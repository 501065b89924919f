-- expect: load
-- note: name of the rule expected
-- A rule without a name.

rule(function() end)
