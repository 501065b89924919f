-- What wrk measured, as one line of JSON behind the word "bench".  Alone it
-- is the script of plain GETs; the other scripts begin with it.

-- luacheck: globals done

function done(summary, latency)
  local errors = summary.errors

  io.write(string.format(
    'bench {"requests": %d, "us": %d, "bytes": %d, "bad_status": %d, '
    .. '"bad_socket": %d, "p50": %.1f, "p99": %.1f, "max": %.1f}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
