-- expect: accept
-- More than the trace keeps.

rule("abuse", function(c)
  for _ = 1, 1000 do print(("x"):rep(100)) end
end)
