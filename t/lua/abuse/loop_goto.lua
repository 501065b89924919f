-- expect: hold
-- note: it used more than 250000 steps
-- Jumps backwards.

rule("abuse", function(c)
  ::again::
  goto again
end)
