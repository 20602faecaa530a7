-- KEYS[1] mails by id, KEYS[2] ids by the time at which their lease ends, KEYS[3] by that at which they were kept
-- ARGV: 1 lease ms  2 most mails
-- Returns {void ones that are gone, id, sealed mail, id, …}; those now belong to the caller for a lease
--#include clock
local found = {0}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local held = redis.call('HGET', KEYS[1], id)
  local ends, sealed = string.match(held or '', '^(%d+):(.*)$')
  if ends and now < tonumber(ends) then
    redis.call('ZADD', KEYS[2], now + ARGV[1], id)
    found[#found + 1] = id
    found[#found + 1] = sealed
  else
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
    found[1] = found[1] + 1
  end
end
return found
