-- expect: load
-- note: there is no "pcall"
-- Hiding an error while loading.

pcall(error)
