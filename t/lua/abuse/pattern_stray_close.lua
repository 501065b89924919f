-- expect: hold
-- note: without a \"(\"
-- A capture that nobody opened.

rule("abuse", function(c)
  return score(("a"):match("a)") and 1 or 0)
end)
