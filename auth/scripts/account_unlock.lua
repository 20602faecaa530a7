-- KEYS[1] account, KEYS[2..] counters of wrong PINs
-- Failures of login counted before `unlocked` are void (login_reserve). Returns {'unlocked' | 'open'}
--#include clock
redis.call('HSET', KEYS[1], 'unlocked', now)
redis.call('DEL', unpack(KEYS, 2))
return {redis.call('HDEL', KEYS[1], 'locked') == 1 and 'unlocked' or 'open'}
