-- KEYS[1] account, KEYS[2] sessions, KEYS[3] failure counter that the attempt was reserved in
-- ARGV: 1 password hash that was verified  2 new password hash  3 hash of the session's id  4 hash of its new id
--       5 '1' when the counter is a device's own  6 lock that the reservation set, or '0'
-- Returns {'changed', epoch} | {'ended'} when session or password went meanwhile
-- The epoch ends every session, token and flow; the one that asked goes on under a new id.
--#include clock
--#include refund
--#include ended
local account = redis.call('HMGET', KEYS[1], 'password', 'epoch', 'locked')
local raw = redis.call('HGET', KEYS[2], ARGV[3])
local s = raw and cjson.decode(raw)
if account[1] ~= ARGV[1] or account[3] or not s or s.epoch ~= (account[2] or '0') then return {'ended'} end
if ARGV[5] == '1' then
  redis.call('DEL', KEYS[3])
else
  refund(KEYS[3], ARGV[6])
end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'password', ARGV[2], 'password_set', now)
local left = redis.call('PTTL', KEYS[2])
redis.call('DEL', KEYS[2])
tell_ended()
s.epoch = tostring(epoch)
s.seen = now
redis.call('HSET', KEYS[2], ARGV[4], cjson.encode(s))
redis.call('PEXPIRE', KEYS[2], left)
return {'changed', epoch}
