-- included by pin_try and repick, behind ended: makes the password the account's own.
-- KEYS[1] account, KEYS[2] flow, KEYS[3] sessions, KEYS[4] login failures
-- The epoch ends every session, token and other flow; the invitation is spent.
-- Returns the profile before too, where the mail address was another one, else ''.
-- The flow stays for a moment as COMMITTED, so that a doubled click is answered as the first one.
local function commit(password, tombstone)
  local next_epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  redis.call('HSET', KEYS[1], 'password', password, 'password_set', now)
  local before = keep_profile(flow.profile)
  redis.call('HDEL', KEYS[1], 'invitation', 'invitation_expires', 'invitation_delivered')
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[2], 'state', 'COMMITTED', 'expires', now + tombstone)
  redis.call('PEXPIRE', KEYS[2], tombstone)
  tell_ended()
  return {'committed', next_epoch, before}
end
