-- expect: load
-- note: belongs to the rules and cannot be redefined

std = {}
