-- expect: accept
-- A megabyte at once.

rule("abuse", function(c)
  print(("x"):rep(1000000))
end)
