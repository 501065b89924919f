-- expect: hold
-- note: xxxx
-- An error of a megabyte, without a place.

rule("abuse", function(c)
  error(("x"):rep(1000000), 0)
end)
