-- expect: accept
-- The empty pattern is at home everywhere.

rule("abuse", function(c)
  assert(("abc"):find("") == 1)
  assert(("abc"):match("") == "")
  assert(("abc"):gsub("", "-") == "-a-b-c-")
end)
