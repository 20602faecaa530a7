-- KEYS[1] a text
-- ARGV: 1 what it is believed to be ('' for missing)  2 what it shall be
-- Returns {'set', ARGV[2]} | {'changed', what it is}
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return {'changed', current} end
redis.call('SET', KEYS[1], ARGV[2])
return {'set', ARGV[2]}
