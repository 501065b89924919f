-- expect: hold
-- note: no time zone
-- A zone that does not exist.

rule("abuse", function(c)
  return hold(time.local_(0, "../../etc/passwd").year)
end)
