-- expect: hold
-- note: index is NaN
-- NaN as a key.

rule("abuse", function(c)
  local t = {}
  t[0 / 0] = 1
end)
