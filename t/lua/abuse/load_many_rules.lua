-- expect: load
-- note: more than 500 rules
-- One rule too many.

for i = 1, 501 do rule("r" .. i, function() end) end
