-- expect: accept
-- A key of a megabyte.

rule("abuse", function(c)
  store.set("s", ("k"):rep(1048576), 1, "1d")
end)
