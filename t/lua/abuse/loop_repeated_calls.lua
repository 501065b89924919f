-- expect: hold
-- note: it used more than 250000 steps
-- Many cheap calls of C functions.

rule("abuse", function(c)
  while true do type(1) end
end)
