-- expect: hold
-- note: x
-- Random numbers while loading are the same in every machine.

local n = math.random(1000000)

rule("abuse", function() return hold("x", n .. " " .. math.random(1000000)) end)
