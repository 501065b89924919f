-- expect: hold
-- note: while the file loads
-- A rule changes settings.

rule("abuse", function(c)
  settings { default = "accept" }
end)
