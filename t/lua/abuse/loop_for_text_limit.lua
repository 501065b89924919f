-- expect: hold
-- note: it used more than 250000 steps
-- The limit is a text that must be read as a number each time.

rule("abuse", function(c)
  local limit = (" "):rep(100000) .. "1"
  while true do for i = 1, limit do local _ = i end end
end)
