-- expect: load
-- note: load_error.lua:5: no
-- The file gives up.

error("no")
