-- expect: load
-- note: not a file
-- A folder instead of a file.

include(".")
