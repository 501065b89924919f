-- expect: load
-- note: did you mean "path"?
-- A misspelt key of a filter.

rule("x", { pth = "/" }, function() end)
