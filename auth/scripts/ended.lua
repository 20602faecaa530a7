-- included where a session or token ends: whoever holds a stream open on the account looks again at once
-- KEYS[1] any key of the account; the channel is ENDED of auth/sessions.py
local function tell_ended()
  redis.call('PUBLISH', 'auth:ended', string.match(KEYS[1], '{(%x+)}'))
end
