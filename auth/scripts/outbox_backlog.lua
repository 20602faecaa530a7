-- KEYS[1] mails by id, KEYS[2] ids by the time at which they were kept
-- Returns {how many there are, ms since the oldest was kept}
--#include clock
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return {redis.call('HLEN', KEYS[1]), math.max(0, now - (oldest[2] or now))}
