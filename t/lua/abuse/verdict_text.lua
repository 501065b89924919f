-- expect: hold
-- note: it returned text
-- A word is no verdict.

rule("abuse", function(c)
  return "accept"
end)
