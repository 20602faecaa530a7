-- KEYS[1] account, KEYS[2] sessions
-- ARGV: 1 idle ms  2 absolute ms
-- Returns {id hash, created ms, seen ms, label, id hash, …} of the living ones
--#include clock
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
local raw = redis.call('HGETALL', KEYS[2])
local found = {}
for i = 1, #raw, 2 do
  local s = cjson.decode(raw[i + 1])
  if s.epoch == epoch and now < s.seen + ARGV[1] and now < s.created + ARGV[2] then
    for _, field in ipairs({raw[i], s.created, s.seen, s.label}) do found[#found + 1] = field end
  end
end
return found
