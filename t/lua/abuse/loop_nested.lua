-- expect: hold
-- note: it used more than 250000 steps
-- Loops in loops.

rule("abuse", function(c)
  for a = 1, 1000 do
    for b = 1, 1000 do
      for d = 1, 1000 do local _ = a + b + d end
    end
  end
end)
