-- expect: load
-- note: a threshold must lie between
-- A threshold that is none.

settings { thresholds = { hold = 0 / 0 } }
