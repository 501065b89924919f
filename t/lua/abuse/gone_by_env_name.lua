-- expect: hold
-- note: there is no \"io\" here
-- Through _ENV, by a name that is put together.

rule("abuse", function(c)
  return score(_ENV["i" .. "o"] and 1)
end)
