-- expect: hold
-- note: 1 to 40
-- More work than there is time.

rule("abuse", function(c)
  return challenge { pow = 41 }
end)
