-- expect: accept
-- A local of the file lives for one comment only.

local seen = 0

rule("abuse", function()
  seen = seen + 1
  assert(seen == 1)
end)
