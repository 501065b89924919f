-- expect: hold
-- note: there is no \"dump\" in \"string\"
-- Through a text.

rule("abuse", function(c)
  return score(("x"):dump() and 1)
end)
