-- expect: hold
-- note: it used more than 250000 steps
-- Waits for what cannot happen.

rule("abuse", function(c)
  repeat local done = false until done
end)
