-- expect: hold
-- note: steps
-- A long text of Cyrillic letters, folded again and again.

rule("abuse", function(c)
  local s = ("ж"):rep(100000)
  for _ = 1, 100 do s = text.fold(s) end
  return accept()
end)
