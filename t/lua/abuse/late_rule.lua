-- expect: hold
-- note: while the file loads
-- A rule declares a rule.

rule("abuse", function(c)
  rule("late", function() end)
end)
