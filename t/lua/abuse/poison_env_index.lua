-- expect: hold
-- note: must be text
-- A global under a number.

rule("abuse", function(c)
  _ENV[1] = 2
end)
