-- expect: hold
-- note: xxxx
-- An error of a megabyte.

rule("abuse", function(c)
  error(("x"):rep(1000000))
end)
