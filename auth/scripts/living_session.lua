-- included: one session, or nil when it has ended; a dead one is removed, a living one touched
local function living_session(sessions, id, epoch, idle, absolute, touch)
  local raw = redis.call('HGET', sessions, id)
  if not raw then return nil end
  local s = cjson.decode(raw)
  if s.epoch ~= epoch or now >= s.seen + idle or now >= s.created + absolute then
    redis.call('HDEL', sessions, id)
    return nil
  end
  if now >= s.seen + touch then
    s.seen = now
    redis.call('HSET', sessions, id, cjson.encode(s))
  end
  return s
end
-- ms until it ends by itself, or its next use is to be written
local function true_for(s, idle, absolute, touch)
  return math.min(s.seen + idle, s.created + absolute, s.seen + touch) - now
end
