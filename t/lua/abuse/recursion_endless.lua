-- expect: hold
-- note: abuse
-- A function calls itself.

rule("abuse", function(c)
  local function f() return 1 + f() end
  f()
end)
