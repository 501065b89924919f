-- expect: load
-- note: does not lie beside
-- A file by its whole path.

include("/etc/passwd")
