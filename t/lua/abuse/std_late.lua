-- expect: hold
-- note: rule() can only be called while the file loads

rule("late", function(c) std.links { max = 1 } end)
