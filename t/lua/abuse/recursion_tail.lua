-- expect: hold
-- note: it used more than 250000 steps
-- A tail call needs no stack, only steps.

rule("abuse", function(c)
  local function f() return f() end
  f()
end)
