-- expect: hold
-- note: a table instead
-- An error that holds itself.

rule("abuse", function(c)
  local t = {}
  t.t = t
  error(t)
end)
