-- expect: hold
-- note: while the file loads
-- A rule that includes.

rule("abuse", function(c)
  include("include_late.lua")
end)
