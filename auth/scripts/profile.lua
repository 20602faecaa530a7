-- included, behind ended, where a profile is stored or an account ends everything; KEYS[1] account hash
-- Whoever is first to bring another mail address is told the profile before: a notice goes there.
local function keep_profile(profile)
  local before = redis.call('HGET', KEYS[1], 'profile')
  redis.call('HSET', KEYS[1], 'profile', profile)
  if before and cjson.decode(before).email ~= cjson.decode(profile).email then return before end
  return ''
end
-- Sessions, tokens and flows, by the epoch, and the invitation.
local function end_all(sessions)
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  redis.call('HDEL', KEYS[1], 'invitation', 'invitation_expires', 'invitation_delivered')
  redis.call('DEL', sessions)
  tell_ended()
end
