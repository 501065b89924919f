-- expect: hold
-- note: it returned true
-- true is no verdict.

rule("abuse", function(c)
  return true
end)
