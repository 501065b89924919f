-- expect: hold
-- note: belongs to the rules
-- A builtin is replaced.

rule("abuse", function(c)
  hold = accept
end)
