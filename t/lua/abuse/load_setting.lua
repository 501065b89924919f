-- expect: load
-- note: did you mean "thresholds"?
-- A misspelt setting.

settings { treshholds = { hold = 1 } }
