-- expect: hold
-- note: fixed order
-- Keys that have only an address.

rule("abuse", function(c)
  for _ in pairs({ [{}] = 1 }) do end
end)
