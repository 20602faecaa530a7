-- KEYS[1] account, KEYS[2] sessions, KEYS[3] invitations of the last hour
-- ARGV: 1 hash of the invitation  2 its life ms  3 profile, JSON  4 epoch before the directory was asked
--       5 invitations an hour  6 '1' leaves alone one that was delivered and still works
-- Returns {'invited', profile before where the mail address was another one, else ''}
--   | {'active'} | {'locked'} | {'earlier'} | {'limited', ms} | {'changed'}; the newest invitation replaces the one before
--#include clock
--#include window
--#include ended
--#include profile
local account = redis.call('HMGET', KEYS[1], 'locked', 'password', 'epoch', 'invitation_delivered', 'invitation_expires')
if account[1] then return {'locked'} end
if account[2] then return {'active'} end
if (account[3] or '0') ~= ARGV[4] then return {'changed'} end
if ARGV[6] == '1' and account[4] and now < tonumber(account[5]) then return {'earlier'} end
local limit = tonumber(ARGV[5])
local wait = window_wait(KEYS[3], limit, 3600000)
if wait > 0 then return {'limited', wait} end
window_add(KEYS[3], limit, 3600000)
local before = keep_profile(ARGV[3])
if before ~= '' then end_all(KEYS[2]) end
redis.call('HSET', KEYS[1], 'invitation', ARGV[1], 'invitation_expires', now + ARGV[2])
redis.call('HDEL', KEYS[1], 'invitation_delivered')
return {'invited', before}
