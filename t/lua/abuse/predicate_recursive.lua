-- expect: hold
-- note: it used more than

local function deep(c) return deep(c) + 1 end
predicate("p", deep)
rule("asks", { unless = "p" }, function(c) end)
