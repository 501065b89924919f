-- expect: accept
-- The longest number.

rule("abuse", function(c)
  assert(#("%+.99f"):format(-1.7976931348623157e308) == 1 + 309 + 1 + 99)
end)
