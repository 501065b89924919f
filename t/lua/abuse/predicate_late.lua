-- expect: hold
-- note: predicate() can only be called while the file loads

rule("late", function(c) predicate("p", function() end) end)
