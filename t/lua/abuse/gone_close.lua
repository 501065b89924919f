-- expect: hold
-- note: non-closable
-- To-be-closed variables need a metatable.

rule("abuse", function()
  local x <close> = {}
  return score(x and 1 or 0)
end)
