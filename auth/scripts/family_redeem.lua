-- KEYS and ARGV 1-5 of family_alive
-- ARGV: 6 life in ms of a family with offline access  7 newer profile, JSON, or ''
-- One use of each generation, however many come at once; a second use ends the family.
-- Returns {'redeemed'} | {'reused'} | {'none'}
--#include clock
--#include living_session
--#include ended
--#include family_alive
local f, s = family_alive(true)
if not f then return {s} end
redis.call('HINCRBY', KEYS[3], 'generation', 1)
if f[2] == '0' then
  redis.call('PEXPIRE', KEYS[3], s and s.created + ARGV[4] - now or ARGV[6])
end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'profile', ARGV[7]) end
return {'redeemed'}
