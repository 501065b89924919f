-- expect: hold
-- note: x
-- comment: {"id":42}
-- Random numbers follow from the comment.

rule("abuse", function(c)
  local t = {}
  for i = 1, 20 do t[i] = math.random(100) end
  return hold("x", table.concat(t, " ") .. (" %.14g"):format(math.random()))
end)
