-- For wrk: plain GETs, with the same last line as post.lua.

function done(summary, latency)
  local bad = summary.errors.status + summary.errors.connect
    + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("RESULT %d %d %d %d %d", summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), bad))
end
