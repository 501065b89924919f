-- Posts one body again and again, and looks at every answer's status.
--
--   wrk -s t/bench/flood.lua URL -- FILE STATUS LENGTH PAUSE
--
-- LENGTH is the Content-Length, which may be more than the file has; PAUSE
-- milliseconds lie between an answer and the next post of a connection.

-- luacheck: globals wrk setup init request delay response done wrong reason

dofile("t/bench/report.lua")

local report = done
local threads = {}

local post, wanted, pause, whole

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host

  for name, value in pairs(wrk.headers) do
    if name ~= "Host" then
      head = head .. "\r\n" .. name .. ": " .. value
    end
  end

  whole = head .. "\r\n\r\n"
  post = head .. "\r\nContent-Length: " .. args[3] .. "\r\n\r\n"
    .. file:read("*a")
  wanted, pause = tonumber(args[2]), tonumber(args[4])
  wrong, reason = 0, ""
  file:close()

  if pause == 0 then
    delay = nil
  end
end

-- wrk asks once before it begins, takes nothing but a whole request, and does
-- not send it.
function request()
  local asked = whole or post
  whole = nil
  return asked
end

function delay()
  return pause
end

function response(status, _, body)
  if status ~= wanted then
    wrong = wrong + 1
    reason = status .. " " .. body
  end
end

-- To wrk every refusal is an error; here only those not wanted are.
function done(summary, latency)
  summary.errors.status = 0

  for _, thread in ipairs(threads) do
    summary.errors.status = summary.errors.status + thread:get("wrong")
    io.write(thread:get("reason"), "\n")
  end
  report(summary, latency)
end
