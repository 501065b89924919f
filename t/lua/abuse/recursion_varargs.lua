-- expect: hold
-- note: abuse
-- Every level passes on more values.

rule("abuse", function(c)
  local function f(...) return 1 + f(1, 2, 3, 4, 5, 6, 7, 8, ...) end
  f()
end)
