-- KEYS[1] account
-- ARGV: 1 hash of the invitation  2 its life ms
-- Returns {'invited'} | {'active'}; the newest invitation replaces the one before
--#include clock
if redis.call('HEXISTS', KEYS[1], 'password') == 1 then return {'active'} end
redis.call('HSET', KEYS[1], 'invitation', ARGV[1], 'invitation_expires', now + ARGV[2])
return {'invited'}
