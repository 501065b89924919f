-- expect: load
-- note: no control characters
-- A name with a line end.

rule("a\nb", function() end)
