-- Posts one body again and again, and prints one line of JSON at the end.
-- Arguments: the body's file, the mean pause before a request in milliseconds, then headers by
-- name and value.
local pauseMs = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  file:close()
  pauseMs = tonumber(args[2])
  for index = 3, #args, 2 do wrk.headers[args[index]] = args[index + 1] end
  if pauseMs == 0 then delay = nil end
end

-- As independent senders do: the pauses of a connection are exponentially distributed.
function delay()
  return math.floor(-math.log(1 - math.random()) * pauseMs + 0.5)
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"failed":%d}\n',
    summary.requests,
    summary.duration / 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
