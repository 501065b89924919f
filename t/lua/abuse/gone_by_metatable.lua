-- expect: hold
-- note: there is no \"__metatable\" in \"string\"
-- Through the metatable of texts.

rule("abuse", function(c)
  return score(("x").__metatable and 1)
end)
