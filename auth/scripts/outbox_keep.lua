-- KEYS[1] mails by id, KEYS[2] ids by the time at which whoever has them must have sent them
-- KEYS[3] ids by the time at which they were kept
-- ARGV: 1 id  2 the sealed mail  3 its life ms  4 lease ms
-- Returns {'kept'}
--#include clock
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', now + ARGV[3]) .. ':' .. ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
redis.call('ZADD', KEYS[3], now, ARGV[1])
return {'kept'}
