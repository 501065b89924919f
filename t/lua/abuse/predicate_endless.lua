-- expect: hold
-- note: it used more than 250000 steps

predicate("p", function(c) while true do end end)
rule("asks", { only = "p" }, function(c) end)
