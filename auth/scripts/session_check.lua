-- KEYS[1] account, KEYS[2] sessions
-- ARGV: 1 session id hash  2 idle ms  3 absolute ms  4 ms between two writes of the last-seen time
-- Returns {'alive', profile, epoch, created ms} | {'none'}
--#include clock
local raw = redis.call('HGET', KEYS[2], ARGV[1])
if not raw then return {'none'} end
local account = redis.call('HMGET', KEYS[1], 'epoch', 'profile')
local s = cjson.decode(raw)
if s.epoch ~= account[1] or now >= s.seen + ARGV[2] or now >= s.created + ARGV[3] then
  redis.call('HDEL', KEYS[2], ARGV[1])
  return {'none'}
end
if now >= s.seen + ARGV[4] then
  s.seen = now
  redis.call('HSET', KEYS[2], ARGV[1], cjson.encode(s))
end
return {'alive', account[2], account[1], s.created}
