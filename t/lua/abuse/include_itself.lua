-- expect: load
-- note: includes itself
-- A file that includes itself.

include("include_itself.lua")
