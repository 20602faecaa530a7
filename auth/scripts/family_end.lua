-- KEYS[1] family
-- ARGV: 1 client id
-- Returns {'ended'} | {'none'}
--#include ended
if redis.call('HGET', KEYS[1], 'client') ~= ARGV[1] then return {'none'} end
redis.call('DEL', KEYS[1])
tell_ended()
return {'ended'}
