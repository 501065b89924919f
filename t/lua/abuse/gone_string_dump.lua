-- expect: load
-- note: there is no "dump" in "string"
-- string.dump does not exist.

rule("abuse", function(c)
  return score(string.dump("x") and 1)
end)
