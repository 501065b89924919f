-- expect: hold
-- note: it returned number
-- A number is no verdict.

rule("abuse", function(c)
  return 5
end)
