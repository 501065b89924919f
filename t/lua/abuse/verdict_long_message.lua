-- expect: reject
-- note: …
-- alone: the rules behind do not run
-- A message of a megabyte is cut.

rule("abuse", function(c)
  return reject(("y"):rep(1000000))
end)
