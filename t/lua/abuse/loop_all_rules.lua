-- expect: hold
-- note: did not run
-- alone: the rules behind do not run
-- Five rules use up all steps of the comment.

rule("loop 1", function() while true do end end)
rule("loop 2", function() while true do end end)
rule("loop 3", function() while true do end end)
rule("loop 4", function() while true do end end)
rule("loop 5", function() while true do end end)
