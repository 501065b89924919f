-- expect: load
-- note: names_kind.lua:6: nothing counts "autor"; did you mean "author"?
-- A count that would be 0 for ever.

rule("abuse", function(c)
  return score(rate.count("autor", c.author.key, "1h"))
end)
