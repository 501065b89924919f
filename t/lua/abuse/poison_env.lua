-- expect: hold
-- note: belongs to the rules
-- A builtin is replaced through _ENV.

rule("abuse", function(c)
  _ENV.spam = accept
end)
