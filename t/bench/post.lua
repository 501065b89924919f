-- Posts comments, no two with the same text, and looks at every answer.
--
--   wrk -s t/bench/post.lua URL -- POSTS FIRST
--
-- POSTS has one JSON body in a line; its twelve zeros become the number of
-- the post, which begins with FIRST.

-- luacheck: globals wrk setup init request response done
-- luacheck: globals created held refused reason

dofile("t/bench/report.lua")

local NUMBER = "000000000000"

local report = done
local threads = {}

local posts = {}
local number

function setup(thread)
  threads[#threads + 1] = thread
end

-- Each post is kept as the pieces between its numbers, with the head of the
-- request before the first.
function init(args)
  local head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host
    .. "\r\nContent-Type: " .. (wrk.form or "application/json")
    .. "\r\nContent-Length: %d\r\n\r\n"

  for line in io.lines(args[1]) do
    local pieces, from = {}, 1
    local request = string.format(head, #line) .. line
    while true do
      local at, to = request:find(NUMBER, from, true)
      pieces[#pieces + 1] = request:sub(from, at and at - 1)
      if not at then break end
      from = to + 1
    end
    posts[#posts + 1] = pieces
  end

  number = tonumber(args[2])
  created, held, refused, reason = 0, 0, 0, ""
end

function request()
  number = number + 1
  return table.concat(posts[number % #posts + 1],
                      string.format("%012d", number))
end

function response(status, _, body)
  if status == 201 then
    created = created + 1
  elseif status == 202 then
    held = held + 1
  else
    refused = refused + 1
    reason = status .. " " .. body
  end
end

function done(summary, latency)
  local total = { created = 0, held = 0, refused = 0 }
  local why = ""

  for _, thread in ipairs(threads) do
    for name in pairs(total) do
      total[name] = total[name] + thread:get(name)
    end
    why = thread:get("reason") ~= "" and thread:get("reason") or why
  end

  io.write(string.format('posts {"created": %d, "held": %d, "refused": %d}\n',
                         total.created, total.held, total.refused))
  if why ~= "" then
    io.write("refused ", why:gsub("%s+", " "), "\n")
  end
  report(summary, latency)
end
