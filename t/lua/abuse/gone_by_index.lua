-- expect: hold
-- note: there is no \"__index\" in \"string\"
-- Through the metatable of texts.

rule("abuse", function(c)
  return score(("x").__index and 1)
end)
