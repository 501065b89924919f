-- expect: hold
-- note: it used more than 250000 steps
-- Does nothing, for ever.

rule("abuse", function(c)
  while true do end
end)
