-- expect: hold
-- note: there is no \"%p\"
-- %p would show an address.

rule("abuse", function(c)
  return hold(("%p"):format({}))
end)
