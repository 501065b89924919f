-- As post.lua, for others: WordPress, which takes forms, says by 302 that the
-- comment is there, Waline by "errno":0.
--
--   wrk -s t/bench/peers.lua URL -- POSTS FIRST

-- luacheck: globals wrk init response created refused reason

dofile("t/bench/post.lua")

local start = init

function init(args)
  if not args[1]:find("[.]jsonl$") then
    wrk.form = "application/x-www-form-urlencoded"
  end
  start(args)
end

function response(status, _, body)
  if status == 302 or body and body:find('"errno":0', 1, true) then
    created = created + 1
  else
    refused = refused + 1
    reason = status .. " " .. body
  end
end
