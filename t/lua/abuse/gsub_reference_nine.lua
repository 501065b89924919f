-- expect: hold
-- note: %9
-- A capture that there is none of.

rule("abuse", function(c)
  return score(#(("x"):gsub("x", "%9")))
end)
