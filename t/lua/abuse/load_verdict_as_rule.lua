-- expect: load
-- note: function expected
-- A verdict where a function belongs.

rule("x", hold("y"))
