-- expect: hold
-- note: cannot set the global
-- A global is set while a rule runs.

rule("abuse", function(c)
  leak = c.text
end)
