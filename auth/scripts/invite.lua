-- KEYS[1] account
-- ARGV: 1 hash of the invitation  2 its life ms  3 '1' leaves alone one that was delivered and still works
-- Returns {'invited'} | {'active'} | {'locked'} | {'earlier'}; the newest invitation replaces the one before
--#include clock
local account = redis.call('HMGET', KEYS[1], 'locked', 'password', 'invitation_delivered', 'invitation_expires')
if account[1] then return {'locked'} end
if account[2] then return {'active'} end
if ARGV[3] == '1' and account[3] and now < tonumber(account[4]) then return {'earlier'} end
redis.call('HSET', KEYS[1], 'invitation', ARGV[1], 'invitation_expires', now + ARGV[2])
redis.call('HDEL', KEYS[1], 'invitation_delivered')
return {'invited'}
