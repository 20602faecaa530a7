-- KEYS[1] account, KEYS[2] sessions; no ARGV
-- Ends every session, token and open flow of the account at once. Returns {'ended', epoch}
--#include ended
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('DEL', KEYS[2])
tell_ended()
return {'ended', epoch}
