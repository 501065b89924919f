-- expect: accept
-- note: later
-- A global that the file defines below the rule.

rule("abuse", function(c) return later(c) end)
function later(c) return score(0, "later") end
