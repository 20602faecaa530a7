-- KEYS[1] the audit's stream, KEYS[2] its head (one hash tag)
-- ARGV: 1 MAC of the last entry that the writer knows, '' for none  2 the new entry's name  3 its MAC
--       4.. the entry's fields and values
-- Returns {'added', now ms, entries} | {'moved', now ms, name of the last entry or '', its MAC or ''}
--#include clock
local head = redis.call('HMGET', KEYS[2], 'entry', 'mac')
if (head[2] or '') ~= ARGV[1] then return {'moved', now, head[1] or '', head[2] or ''} end
local added = redis.pcall('XADD', KEYS[1], ARGV[2], unpack(ARGV, 4))
if type(added) == 'table' and added.err then
  -- somebody else wrote a later id: ours come after it, so that the gateway goes on and the stranger is found
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  local last = '0-0'
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
  return {'moved', tonumber(string.match(last, '%d+')) + 1, head[1] or '', head[2] or ''}
end
redis.call('HSET', KEYS[2], 'entry', ARGV[2], 'mac', ARGV[3])
return {'added', now, redis.call('XLEN', KEYS[1])}
