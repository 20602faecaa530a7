-- KEYS[1] account, KEYS[2] sessions
-- The epoch ends every session, token and open flow. A locked account keeps its password.
-- Returns {'locked' | 'already', sessions that were open}
--#include clock
--#include ended
local open = redis.call('HLEN', KEYS[2])
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('DEL', KEYS[2])
tell_ended()
if redis.call('HSETNX', KEYS[1], 'locked', now) == 0 then return {'already', open} end
return {'locked', open}
