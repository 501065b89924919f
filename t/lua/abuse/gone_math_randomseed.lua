-- expect: load
-- note: there is no "randomseed"
-- math.randomseed does not exist.

rule("abuse", function(c)
  math.randomseed(1)
end)
