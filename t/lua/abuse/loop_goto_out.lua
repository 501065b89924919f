-- expect: hold
-- Out of a loop and into it again.

rule("abuse", function(c)
  local i = 0
  ::top::
  for k = 1, 10 do
    i = i + 1
    if k == 9 then goto top end
  end
end)
