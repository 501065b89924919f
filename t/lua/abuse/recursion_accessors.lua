-- expect: hold
-- note: it used more than
-- Recursion that keeps all that it makes.

rule("abuse", function(c)
  local function f(t, n) return f({ t }, n + 1) end
  return score(#f({}, 0))
end)
