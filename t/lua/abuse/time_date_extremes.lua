-- expect: hold
-- note: a time in seconds
-- A time beyond all calendars.

rule("abuse", function(c)
  return hold(time.date(math.maxinteger))
end)
