-- KEYS[1] account, KEYS[2] family
-- ARGV: 1 client id  2 generation that was presented
-- A generation that was used before is a replay: somebody else holds the token too, so the family dies.
-- Returns {'alive', session id hash, epoch, offline, request, auth time in s, profile} | {'reused'} | {'none'}
local f = redis.call('HMGET', KEYS[2], 'client', 'generation', 'session', 'epoch', 'offline', 'request', 'auth_time')
if f[1] ~= ARGV[1] then return {'none'} end
if f[2] ~= ARGV[2] then
  redis.call('DEL', KEYS[2])
  return {'reused'}
end
local account = redis.call('HMGET', KEYS[1], 'epoch', 'profile')
if f[4] ~= account[1] then return {'none'} end
return {'alive', f[3], f[4], f[5], f[6], f[7], account[2]}
