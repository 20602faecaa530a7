-- KEYS[1] account, KEYS[2] flow, KEYS[3] mark of the last notice mail
-- ARGV: 1 purpose (first|reset)  2 known to the directory (1|0)  3 hash of the presented invitation or ''
--       4 profile, JSON  5 flow life ms  6 hash of a fresh invitation  7 invitation life ms
--       8 ms between "already active" mails  9 ms between invitation mails
--       10 this browser was once logged in to the account (1|0)  11 epoch before the directory was asked
-- Returns {kind, entry, notice}: kind real|decoy|active|never, entry invited|known|anonymous,
-- notice ''|active|invitation; or {'changed'}: what the directory said may be of before a change
--#include clock
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
if epoch ~= ARGV[11] then return {'changed'} end
local active = redis.call('HEXISTS', KEYS[1], 'password') == 1
local kind = 'decoy'
if ARGV[2] == '1' and redis.call('HEXISTS', KEYS[1], 'locked') == 0 then
  if ARGV[1] == 'first' then
    kind = active and 'active' or 'real'
  else
    kind = active and 'real' or 'never'
  end
end
local entry = ARGV[10] == '1' and 'known' or 'anonymous'
if kind == 'real' and ARGV[1] == 'first' and ARGV[3] ~= '' then
  local held = redis.call('HMGET', KEYS[1], 'invitation', 'invitation_expires')
  if held[1] == ARGV[3] and now < tonumber(held[2]) then entry = 'invited' end
end
local notice = ''
if kind == 'active' and redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[8]) then
  notice = 'active'
elseif kind == 'never' and redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[9]) then
  notice = 'invitation'
  redis.call('HSET', KEYS[1], 'invitation', ARGV[6], 'invitation_expires', now + ARGV[7])
  redis.call('HDEL', KEYS[1], 'invitation_delivered')
end
redis.call('HSET', KEYS[2], 'state', 'IDENTIFIED', 'purpose', ARGV[1], 'kind', kind, 'entry', entry,
  'epoch', epoch, 'expires', now + ARGV[5], 'profile', ARGV[4],
  'candidate_version', 0, 'pin_version', 0, 'flow_tries', 0, 'resends', 0)
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return {kind, entry, notice}
