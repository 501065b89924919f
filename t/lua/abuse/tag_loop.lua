-- expect: hold
-- note: a comment has at most 16 tags

rule("tags", function(c)
  for i = 1, 1e9 do tag("t" .. i) end
end)
