-- included after clock, living_session and ended.
-- KEYS[1] account, KEYS[2] sessions, KEYS[3] family
-- ARGV: 1 client id  2 generation that was presented  3 idle ms  4 absolute ms  5 touch ms
-- The family's fields and its session (nil with offline access), or nil and why not: 'none' or 'reused'.
-- A generation that was used before is a replay: somebody else holds the token too, so the family dies.
local function family_alive(replay_kills)
  local f = redis.call('HMGET', KEYS[3], 'client', 'generation', 'session', 'epoch', 'offline', 'request', 'auth_time')
  if f[1] ~= ARGV[1] then return nil, 'none' end
  if f[2] ~= ARGV[2] then
    if replay_kills then
      redis.call('DEL', KEYS[3])
      tell_ended()
    end
    return nil, 'reused'
  end
  local epoch = redis.call('HGET', KEYS[1], 'epoch')
  local s = nil
  if f[4] == epoch and f[5] ~= '1' then
    s = living_session(KEYS[2], f[3], epoch, ARGV[3], ARGV[4], ARGV[5])
  end
  if f[4] ~= epoch or (f[5] ~= '1' and not s) then
    redis.call('DEL', KEYS[3])
    return nil, 'none'
  end
  return f, s
end
