-- expect: load
-- note: there is no
-- Invalid bytes as a global.

rule("abuse", function(c)
  return hold(_ENV["\xff\0\r\n"])
end)
