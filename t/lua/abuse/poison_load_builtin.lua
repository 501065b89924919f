-- expect: load
-- note: belongs to the rules
-- A file replaces a builtin while it loads.

accept = hold
