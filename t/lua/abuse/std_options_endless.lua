-- expect: load
-- note: std.links has no

std.links { max = 1, [("x"):rep(100000)] = 2 }
