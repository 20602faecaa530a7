-- KEYS[1] mails by id, KEYS[2] ids by the time at which their lease ends, KEYS[3] by that at which they were kept
-- ARGV: 1 id. Returns {'removed'}
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return {'removed'}
