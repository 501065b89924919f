-- expect: hold
-- note: abuse
-- Recursion through the comparing function.

rule("abuse", function(c)
  local function f() table.sort({ 2, 1 }, f) return true end
  f()
end)
