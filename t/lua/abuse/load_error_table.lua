-- expect: load
-- note: load_error_table.lua:1: it raised a table
-- The file gives up with a table.

error({})
