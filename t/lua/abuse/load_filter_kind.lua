-- expect: load
-- note: there is no kind "coment"
-- A kind that is none.

rule("x", { kind = "coment" }, function() end)
