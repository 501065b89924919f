-- expect: load
-- note: there is no "unpack" in "string"
-- string.unpack does not exist.

rule("abuse", function(c)
  return score(string.unpack("x") and 1)
end)
