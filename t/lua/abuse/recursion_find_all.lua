-- expect: hold
-- A pattern within a pattern, for ever.

rule("abuse", function(c)
  local function f(s) return s:gsub(".", f) end
  return score(#f(("x"):rep(200)))
end)
