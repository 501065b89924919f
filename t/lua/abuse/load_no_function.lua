-- expect: load
-- note: function expected
-- A rule without a function.

rule("x")
