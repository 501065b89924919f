-- expect: hold
-- note: is no language: write its code
-- The name of a language where its code should be.

rule("abuse", function(c)
  return hold({ norsk = "Vent litt." })
end)
