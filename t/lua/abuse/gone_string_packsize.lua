-- expect: load
-- note: there is no "packsize" in "string"
-- string.packsize does not exist.

rule("abuse", function(c)
  return score(string.packsize("x") and 1)
end)
