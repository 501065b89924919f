-- expect: accept
-- The table is emptied while it is sorted.

rule("abuse", function(c)
  local t = { 5, 4, 3, 2, 1 }
  table.sort(t, function(a, b)
    t[1], t[2], t[3] = nil, nil, nil
    return a < b
  end)
  assert(t[1] == 1 and t[5] == 5)
end)
