-- expect: hold
-- note: it used more than 250000 steps
-- Counts to a number nobody reaches.

rule("abuse", function(c)
  for i = 1, 1e15 do local _ = i end
end)
