-- Posts a body again and again, or several in turn, and prints one line of JSON at the end.
-- Arguments: the file; "one" when it is the body, "in turn, base64" or "in turn, hex" when its lines are
-- what all bodies begin with, what they end with, and then for each its signature in both forms and
-- what stands between; the mean pause before a request in milliseconds; then headers by name and
-- value.
local pauseMs = 0

local function postInTurn(file, form)
  local before, after = file:read("*l"), file:read("*l")
  local signatures, middles = {}, {}
  for line in file:lines() do
    local base64, hex, middle = line:match("^(%S+) (%S+) (.*)$")
    signatures[#signatures + 1] = form == "hex" and hex or base64
    middles[#middles + 1] = middle
  end
  local sent = 0
  -- Global, as `wrk` wants it.
  function request()
    sent = sent % #middles + 1
    wrk.headers["X-Signature"] = signatures[sent]
    return wrk.format(nil, nil, nil, before .. middles[sent] .. after)
  end
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method = "POST"
  pauseMs = tonumber(args[3])
  for index = 4, #args, 2 do wrk.headers[args[index]] = args[index + 1] end
  local form = args[2]:match("^in turn, (.*)$")
  if form then postInTurn(file, form) else wrk.body = file:read("*a") end
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
