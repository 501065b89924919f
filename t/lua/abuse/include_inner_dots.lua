-- expect: load
-- note: does not lie beside
-- A way out in the middle of a path.

include("a/../../secret.lua")
