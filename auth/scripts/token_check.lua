-- KEYS[1] account, KEYS[2] sessions, KEYS[3] family
-- ARGV: 1 client id  2 session id hash  3 epoch  4 idle ms  5 absolute ms  6 touch ms
-- A family without offline access lives as long as the session in which it began; use of a token keeps that alive.
-- Returns {'alive', profile, auth time in s} | {'none'}
--#include clock
--#include living_session
local f = redis.call('HMGET', KEYS[3], 'client', 'session', 'offline', 'auth_time')
local account = redis.call('HMGET', KEYS[1], 'epoch', 'profile')
if f[1] ~= ARGV[1] or f[2] ~= ARGV[2] or account[1] ~= ARGV[3] then return {'none'} end
if f[3] ~= '1' and not living_session(KEYS[2], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]) then
  return {'none'}
end
return {'alive', account[2], f[4]}
