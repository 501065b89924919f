-- The rules of a site that names none.  They publish what people write who
-- were published before, and keep the rest for a moderator.  To change them,
-- copy this file, change what a line takes, and name it by comments_rules.
--
-- What each line registers, and all that it can take, is in docs/rules.md.
-- The tests are in standard_test.lua, which a copy can take along by the name
-- of the copy: rules.lua has its tests in rules_test.lua.

std.staff {}                           -- signed-in staff is not judged
std.honeypot {}                        -- machines fill every field
std.too_fast { seconds = 3 }           -- after the form was opened
std.first_comment { n = 1 }            -- a person reads the first one
std.links { max = 2 }                  -- more of them wait
std.flood { max = 5, span = "10m" }    -- so many in so short a time wait
std.shouting { share = 0.7 }           -- of the letters are capitals
std.mixed_alphabets { max = 1 }        -- letters that look like others
std.throwaway {}                       -- comments that are only for a link
