-- Sends each of the signed requests once, and prints one line of JSON at the end.
local requests = {}
local sent = 0

function init(args)
  local head, ends = nil, nil
  local file = assert(io.open(args[1], "r"))
  head = file:read("l"):gsub("\\r\\n", "\r\n")
  ends = file:read("l"):gsub("\\r\\n", "\r\n")
  for line in file:lines() do
    local id, signature = line:match("^(%S+) (%S+)$")
    requests[#requests + 1] = head .. "webhook-id: " .. id .. "\r\nwebhook-signature: " ..
      signature .. "\r\n" .. ends
  end
  file:close()
end

function request()
  sent = sent + 1
  if sent > #requests then
    wrk.thread:stop()
    return requests[#requests]
  end
  return requests[sent]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requestsPerSecond":%f,"p50Ms":%f,"p99Ms":%f,"failed":%d}\n',
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
