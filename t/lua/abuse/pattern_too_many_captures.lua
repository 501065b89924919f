-- expect: hold
-- note: more than 32 captures
-- 33 captures.

rule("abuse", function(c)
  return score(("a"):find(("()"):rep(33)) or 0)
end)
