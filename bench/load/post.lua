-- Posts a body again and again, or several in turn, and prints one line of JSON at the end.
-- Arguments: the file; "one" when it is the body, "in turn" when each of its lines is a signature, a
-- blank and a body; the mean pause before a request in milliseconds; then headers by name and value.
local pauseMs = 0

local function postInTurn(file)
  local requests = {}
  local sent = 0
  for line in file:lines() do
    local signature, body = line:match("^(%S+) (.*)$")
    wrk.headers["X-Signature"] = signature
    requests[#requests + 1] = wrk.format(nil, nil, nil, body)
  end
  -- Global, as `wrk` wants it.
  function request()
    sent = sent % #requests + 1
    return requests[sent]
  end
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method = "POST"
  pauseMs = tonumber(args[3])
  for index = 4, #args, 2 do wrk.headers[args[index]] = args[index + 1] end
  if args[2] == "in turn" then postInTurn(file) else wrk.body = file:read("*a") end
  file:close()
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
