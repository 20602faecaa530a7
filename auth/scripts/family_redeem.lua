-- KEYS[1] account, KEYS[2] sessions, KEYS[3] family
-- ARGV: 1 client id  2 generation that was presented  3 idle ms  4 absolute ms  5 touch ms
--       6 life in ms of a family that outlives its session  7 newer profile, JSON, or ''
-- One use of each generation, however many come at once; a second use ends the family.
-- Returns {'redeemed'} | {'reused'} | {'none'}
--#include clock
--#include living_session
local f = redis.call('HMGET', KEYS[3], 'client', 'generation', 'session', 'epoch', 'offline')
if f[1] ~= ARGV[1] then return {'none'} end
if f[2] ~= ARGV[2] then
  redis.call('DEL', KEYS[3])
  return {'reused'}
end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local s = nil
if f[4] == epoch and f[5] ~= '1' then
  s = living_session(KEYS[2], f[3], epoch, ARGV[3], ARGV[4], ARGV[5])
end
if f[4] ~= epoch or (f[5] ~= '1' and not s) then
  redis.call('DEL', KEYS[3])
  return {'none'}
end
redis.call('HINCRBY', KEYS[3], 'generation', 1)
if f[2] == '0' then
  redis.call('PEXPIRE', KEYS[3], s and s.created + ARGV[4] - now or ARGV[6])
end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'profile', ARGV[7]) end
return {'redeemed'}
