-- expect: accept
-- The longest span.

rule("abuse", function(c)
  assert(time.human(math.mininteger) == time.human(400 * 366 * 86400))
  assert(time.human(1) == "1 second")
end)
