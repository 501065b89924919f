-- expect: hold
-- note: it used more than 250000 steps
-- An iterator that never ends.

rule("abuse", function(c)
  for _ in function() return 1 end do end
end)
