-- KEYS[1] account, KEYS[2] sessions, KEYS[3] invitations of the last hour
-- ARGV: 1 hash of the invitation  2 its life ms  3 profile, JSON  4 epoch before the directory was asked
--       5 invitations an hour
-- Returns {'invited', profile before where the mail address was another one, else ''}
--   | {'active'} | {'limited', ms} | {'changed'}; the newest invitation replaces the one before
--#include clock
--#include window
--#include ended
--#include profile
if redis.call('HEXISTS', KEYS[1], 'password') == 1 then return {'active'} end
if (redis.call('HGET', KEYS[1], 'epoch') or '0') ~= ARGV[4] then return {'changed'} end
local limit = tonumber(ARGV[5])
local wait = window_wait(KEYS[3], limit, 3600000)
if wait > 0 then return {'limited', wait} end
window_add(KEYS[3], limit, 3600000)
local before = keep_profile(ARGV[3])
if before ~= '' then end_all(KEYS[2]) end
redis.call('HSET', KEYS[1], 'invitation', ARGV[1], 'invitation_expires', now + ARGV[2])
return {'invited', before}
