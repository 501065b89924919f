-- expect: hold
-- note: table expected, got comment
-- All fields at once.

rule("abuse", function(c)
  for _ in pairs(c) do end
end)
