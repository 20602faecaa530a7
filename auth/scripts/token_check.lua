-- KEYS[1] account, KEYS[2] sessions, KEYS[3] family
-- ARGV: 1 session id hash  2 epoch  3 idle ms  4 absolute ms  5 touch ms
-- A family without offline access lives as long as the session in which it began; use of a token keeps that alive.
-- Returns {'alive', profile, auth time in s, ms for which this is true if nothing changes} | {'none'}
--#include clock
--#include living_session
local f = redis.call('HMGET', KEYS[3], 'session', 'offline', 'auth_time')
local account = redis.call('HMGET', KEYS[1], 'epoch', 'profile')
if f[1] ~= ARGV[1] or account[1] ~= ARGV[2] then return {'none'} end
local left = redis.call('PTTL', KEYS[3])
if f[2] ~= '1' then
  local s = living_session(KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5])
  if not s then return {'none'} end
  left = math.min(left, true_for(s, ARGV[3], ARGV[4], ARGV[5]))
end
return {'alive', account[2], f[3], left}
