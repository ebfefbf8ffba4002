-- Sends requests of several kinds in turn, events with an id that was never there before, and
-- prints one line of JSON at the end. Arguments: how many were sent before, then the files of the
-- requests, as they go over the wire.
local requests = {}
local sent = 0

function init(args)
  sent = tonumber(args[1])
  for index = 2, #args do
    local file = assert(io.open(args[index], "rb"))
    requests[#requests + 1] = file:read("*a")
    file:close()
  end
end

function request()
  sent = sent + 1
  local raw = requests[sent % #requests + 1]
  -- Of the same length, so that Content-Length stays true.
  return (raw:gsub("soak%-000000000000", string.format("soak-%012d", sent)))
end

function done(summary, _, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"failed":%d}\n',
    summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
