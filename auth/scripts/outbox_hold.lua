-- KEYS[1] ids by the time at which their lease ends; ARGV: 1 id  2 lease ms. Returns {'held'}
--#include clock
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
return {'held'}
