-- expect: load
-- note: there is no "os" here
-- Through _ENV.

rule("abuse", function(c)
  return score(_ENV.os.time())
end)
