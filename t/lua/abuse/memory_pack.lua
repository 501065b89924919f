-- expect: hold
-- Packs of packs.

rule("abuse", function(c)
  local t = {}
  while true do t = table.pack(t, t, t, t, t, t, t, t) end
end)
