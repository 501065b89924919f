-- expect: hold
-- note: it used more than 250000 steps
-- Each place is tried to the end.

rule("abuse", function(c)
  for _ in ("a"):rep(50000):gmatch("a-b") do end
end)
