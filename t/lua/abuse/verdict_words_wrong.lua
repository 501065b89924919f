-- expect: hold
-- note: must be text or
-- Words that are a number of things.

rule("abuse", function(c)
  return hold({ 1, 2 })
end)
