-- KEYS[1] account, KEYS[2] sessions, KEYS[3] family
-- ARGV: 1 session id hash  2 idle ms  3 absolute ms  4 touch ms  5 client id  6 '1' when it outlives the session
--       7 the authorization request, JSON  8 ms in which the code must be redeemed
-- Returns {'started'} | {'ended'} when the session is gone
--#include clock
--#include living_session
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local s = living_session(KEYS[2], ARGV[1], epoch, ARGV[2], ARGV[3], ARGV[4])
if not s then return {'ended'} end
redis.call('HSET', KEYS[3], 'session', ARGV[1], 'epoch', epoch, 'client', ARGV[5], 'offline', ARGV[6],
  'request', ARGV[7], 'auth_time', math.floor(s.created / 1000), 'generation', 0)
redis.call('PEXPIRE', KEYS[3], ARGV[8])
return {'started'}
