-- expect: hold
-- note: cannot set the global

predicate("p", function(c) answer = true return true end)
rule("asks", { only = "p" }, function(c) end)
