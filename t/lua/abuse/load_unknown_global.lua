-- expect: load
-- note: did you mean "settings"?
-- A misspelt global.

setings {}
