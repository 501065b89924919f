-- expect: load
-- note: load_syntax.lua:5:
-- A word that is not Lua.

rule("x" function() end)
