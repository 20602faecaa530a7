-- KEYS[1] account, KEYS[2] sessions
-- ARGV: 1 session id hash  2 idle ms  3 absolute ms  4 ms between two writes of the last-seen time
-- Returns {'alive', profile, epoch, created ms, ms for which this is true if nothing changes: until the session
--   ends, or its next use is to be written} | {'none'}
--#include clock
--#include living_session
local account = redis.call('HMGET', KEYS[1], 'epoch', 'profile')
local s = living_session(KEYS[2], ARGV[1], account[1], ARGV[2], ARGV[3], ARGV[4])
if not s then return {'none'} end
return {'alive', account[2], account[1], s.created, true_for(s, ARGV[2], ARGV[3], ARGV[4])}
