-- expect: hold
-- note: it used more than 250000 steps
-- gsub calls a function that never returns.

rule("abuse", function(c)
  ("abc"):gsub(".", function() while true do end end)
end)
