-- expect: hold
-- note: index is nil
-- nil as a key.

rule("abuse", function(c)
  local t = {}
  t[nil] = 1
end)
