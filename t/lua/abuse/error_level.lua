-- expect: hold
-- note: boom
-- A place far up the stack.

rule("abuse", function(c)
  error("boom", 150)
end)
