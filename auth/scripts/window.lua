-- included where events are counted: a list of the newest `limit` times, newest first.
-- Exact sliding window: it is full when the oldest of the last `limit` events is still inside.
local function window_wait(key, limit, window)
  local oldest = redis.call('LINDEX', key, limit - 1)
  if not oldest then return 0 end
  return math.max(0, tonumber(oldest) + window - now)
end
local function window_add(key, limit, window)
  redis.call('LPUSH', key, now)
  redis.call('LTRIM', key, 0, limit - 1)
  redis.call('PEXPIRE', key, window)
end
