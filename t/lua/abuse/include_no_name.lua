-- expect: load
-- note: the name of the file expected, got nil
-- Nothing to include.

include(nil)
