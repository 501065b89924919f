-- expect: load
-- note: there is no "pack" in "string"
-- string.pack does not exist.

rule("abuse", function(c)
  return score(string.pack("x") and 1)
end)
