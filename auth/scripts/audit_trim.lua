-- KEYS[1] the audit's stream, KEYS[2] its anchor (one hash tag)
-- ARGV: 1 the anchor's MAC before, '' for none  2 name of the last entry to go  3 its MAC  4 the new anchor's MAC
--       5 id before which all entries go
-- Returns {'trimmed', entries gone} | {'moved'} when another gateway was faster
if (redis.call('HGET', KEYS[2], 'seal') or '') ~= ARGV[1] then return {'moved'} end
redis.call('HSET', KEYS[2], 'entry', ARGV[2], 'mac', ARGV[3], 'seal', ARGV[4])
return {'trimmed', redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[5])}
