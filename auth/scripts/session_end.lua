-- KEYS[1] sessions
-- ARGV: 1 session id hash
-- Returns {'ended'} | {'none'}
--#include ended
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return {'none'} end
tell_ended()
return {'ended'}
