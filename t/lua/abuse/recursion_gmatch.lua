-- expect: hold
-- note: abuse
-- An iterator within an iterator within ...

rule("abuse", function(c)
  local function f() for _ in ("a"):gmatch(".") do f() end end
  f()
end)
