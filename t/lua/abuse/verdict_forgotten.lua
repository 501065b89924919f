-- expect: accept
-- note: did not return it
-- A verdict that is made but not returned is pointed out.

rule("abuse", function(c)
  hold("x")
end)
