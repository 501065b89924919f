-- expect: hold
-- note: it used more than 250000 steps
-- The step is too small to ever arrive.

rule("abuse", function(c)
  for i = 1.0, 2.0, 1e-15 do local _ = i end
end)
