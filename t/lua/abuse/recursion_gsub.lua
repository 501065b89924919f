-- expect: hold
-- note: abuse
-- Recursion through a C function.

rule("abuse", function(c)
  local function f() return (("a"):gsub("a", f)) end
  f()
end)
