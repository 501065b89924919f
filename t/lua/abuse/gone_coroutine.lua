-- expect: load
-- note: there is no "coroutine" here
-- coroutine does not exist.

rule("abuse", function(c)
  return score(type(coroutine) == "nil" and 0 or 1)
end)
