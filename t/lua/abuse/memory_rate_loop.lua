-- expect: hold
-- note: it used more than 250000 steps

rule("rate", function(c)
  while true do rate.count("ip", "x", "1h") end
end)
