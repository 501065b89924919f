-- expect: accept
-- An honest use of goto.

rule("abuse", function(c)
  for i = 1, 10 do
    if i % 2 == 0 then goto continue end
    ::continue::
  end
end)
