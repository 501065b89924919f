-- expect: hold
-- note: nil
-- With an environment of its own.

rule("abuse", function(c)
  local _ENV = { c = c }
  return os.time()
end)
