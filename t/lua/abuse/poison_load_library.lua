-- expect: load
-- note: libraries cannot be changed
-- A file changes a library while it loads.

string.find = nil
