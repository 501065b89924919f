-- expect: hold
-- An error with the fields of a metatable.

rule("abuse", function(c)
  error({ __tostring = function() while true do end end,
    __name = "x", __index = error })
end)
