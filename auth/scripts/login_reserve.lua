-- KEYS[1] account, KEYS[2] failure counter (the account's, or the known device's own)
-- ARGV: 1 free failures  2 ms after which failures are forgotten  3.. lock ms after each further failure
-- The attempt is counted as failed before the hash is worked out; success gives it back.
-- Returns {'reserved', password hash or '', lock set by this attempt or '0', epoch} | {'locked', ms}
--       | {'barred'} where the operator locked the account: counted like any other, so that no time tells
--#include clock
local account = redis.call('HMGET', KEYS[1], 'password', 'locked', 'unlocked', 'epoch')
local counter = redis.call('HMGET', KEYS[2], 'failures', 'until', 'begun')
if tonumber(counter[3] or '0') <= tonumber(account[3] or '0') then  -- counted before the operator's unlock
  redis.call('DEL', KEYS[2])
  counter = {}
end
local locked_until = tonumber(counter[2] or '0')
if now < locked_until then return {'locked', locked_until - now} end
local failures = redis.call('HINCRBY', KEYS[2], 'failures', 1)
redis.call('HSETNX', KEYS[2], 'begun', now)
local over = failures - tonumber(ARGV[1])
local lock = 0
if over >= 0 then
  lock = now + ARGV[math.min(3 + over, #ARGV)]
  redis.call('HSET', KEYS[2], 'until', lock)
end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
if account[2] then return {'barred'} end
return {'reserved', account[1] or '', lock, account[4] or '0'}
