-- expect: hold
-- note: it used more than 250000 steps
-- Sorting calls a function that never returns.

rule("abuse", function(c)
  table.sort({ 3, 2, 1 }, function() while true do end end)
end)
