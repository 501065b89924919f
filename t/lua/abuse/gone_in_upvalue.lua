-- expect: load
-- note: there is no "os"
-- Through a local of the file, filled when a rule runs.

local get = function() return os end

rule("abuse", function() return score(get().time()) end)
