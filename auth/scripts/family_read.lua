-- KEYS and ARGV 1-5 of family_alive; ARGV: 6 '1' when a replay shall end the family
-- Returns {'alive', session id hash, epoch, offline, request, auth time in s, profile} | {'reused'} | {'none'}
--#include clock
--#include living_session
--#include ended
--#include family_alive
local f, other = family_alive(ARGV[6] == '1')
if not f then return {other} end
return {'alive', f[3], f[4], f[5], f[6], f[7], redis.call('HGET', KEYS[1], 'profile')}
