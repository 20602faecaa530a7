-- KEYS[1] account, KEYS[2] login failures, KEYS[3] sessions; reads only
-- ARGV: 1 idle ms  2 absolute ms
-- Returns {active 1|0, password set ms, locked since ms, invitation's end ms, failures, failures' lock ms, sessions};
-- '0' where there is none
--#include clock
local account = redis.call('HMGET', KEYS[1], 'password_set', 'locked', 'invitation_expires', 'epoch', 'unlocked')
local counter = redis.call('HMGET', KEYS[2], 'failures', 'until', 'begun')
if tonumber(counter[3] or '0') <= tonumber(account[5] or '0') then counter = {} end
local open = 0
for _, raw in ipairs(redis.call('HVALS', KEYS[3])) do
  local s = cjson.decode(raw)
  if s.epoch == (account[4] or '0') and now < s.seen + ARGV[1] and now < s.created + ARGV[2] then open = open + 1 end
end
return {redis.call('HEXISTS', KEYS[1], 'password'), account[1] or '0', account[2] or '0', account[3] or '0',
  counter[1] or '0', counter[2] or '0', open}
