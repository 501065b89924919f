-- expect: accept
-- Nothing shows an address.

rule("abuse", function(c)
  for _, v in ipairs({ print, {}, c, c.links, hold("x"), function() end }) do
    assert(not tostring(v):find("0x"), tostring(v))
    assert(not ("%s"):format(v):find("0x"))
  end
end)
