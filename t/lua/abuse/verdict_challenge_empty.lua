-- expect: hold
-- note: pow must be
-- A challenge of nothing.

rule("abuse", function(c)
  return challenge {}
end)
