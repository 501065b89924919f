-- expect: hold
-- note: while the file loads
-- A rule disables another.

rule("abuse", function(c)
  disable "witness"
end)
