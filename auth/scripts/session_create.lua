-- KEYS[1] account, KEYS[2] sessions, KEYS[3] failure counter that the attempt was reserved in
-- ARGV: 1 password hash that was verified  2 rehashed password or ''  3 session id hash  4 profile, JSON
--       5 sessions an account  6 idle ms  7 absolute ms  8 browser label  9 '1' when the counter is a device's own
--       10 lock that the reservation set, or '0'  11 epoch before the directory was asked
-- Returns {'created', epoch, auth time in s, profile before where the mail address was another one, else ''}
--   | {'changed'} when the password was replaced, or the account locked, meanwhile
--   | {'moved', epoch} when the account may have been: the directory must be asked again
--#include clock
--#include refund
--#include ended
--#include profile
local account = redis.call('HMGET', KEYS[1], 'password', 'locked', 'epoch')
if account[1] ~= ARGV[1] or account[2] then return {'changed'} end
local known = account[3] or '0'
if known ~= ARGV[11] then return {'moved', known} end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'password', ARGV[2]) end
redis.call('HSET', KEYS[1], 'logged_in', now)
local before = keep_profile(ARGV[4])
if before ~= '' then end_all(KEYS[2]) end
-- A device's own failures end with its success; those in the account's counter may be a stranger's,
-- so that one gets only this attempt back.
if ARGV[9] == '1' then
  redis.call('DEL', KEYS[3])
else
  refund(KEYS[3], ARGV[10])
end
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
local living = {}
local raw = redis.call('HGETALL', KEYS[2])
for i = 1, #raw, 2 do
  local s = cjson.decode(raw[i + 1])
  if now >= s.seen + ARGV[6] or now >= s.created + ARGV[7] then
    redis.call('HDEL', KEYS[2], raw[i])
  else
    living[#living + 1] = {raw[i], s.created}
  end
end
table.sort(living, function(a, b) return a[2] < b[2] end)
for i = 1, #living - tonumber(ARGV[5]) + 1 do
  redis.call('HDEL', KEYS[2], living[i][1])
  tell_ended()
end
redis.call('HSET', KEYS[2], ARGV[3],
  cjson.encode({created = now, seen = now, epoch = epoch, label = ARGV[8]}))
redis.call('PEXPIRE', KEYS[2], ARGV[7])
return {'created', epoch, math.floor(now / 1000), before}
