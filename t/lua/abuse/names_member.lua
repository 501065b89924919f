-- expect: load
-- note: did you mean "links"?
-- A member of a library, two functions deep.

rule("abuse", function(c)
  local f = function()
    return text.lnks(c.text)
  end
  return score(#f())
end)
