-- GCRA (ITU-T I.371). KEYS[1] theoretical arrival time of one client address
-- ARGV: 1 ms one request costs  2 requests that may come at once
-- Returns {'allowed'} | {'limited', ms to wait}
--#include clock
local cost = tonumber(ARGV[1])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = arrival - cost * (tonumber(ARGV[2]) - 1) - now
if wait > 0 then return {'limited', math.ceil(wait)} end
redis.call('SET', KEYS[1], arrival + cost, 'PX', math.ceil(arrival + cost - now))
return {'allowed'}
