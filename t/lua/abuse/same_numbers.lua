-- expect: hold
-- note: 0.1 1e+15
-- Numbers look the same everywhere.

rule("abuse", function(c)
  return hold("x", 0.1 .. " " .. 1e15 .. " " .. 2^53 .. " " .. 7 // 2)
end)
