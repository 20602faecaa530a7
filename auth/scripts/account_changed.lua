-- KEYS[1] account, KEYS[2] sessions
-- ARGV: 1 profile as the directory has it now, JSON, or '' when it has no such active account
-- Returns {'same'|'renamed'|'ended', profile before where the mail address was another one, else ''}
--#include ended
--#include profile
if ARGV[1] == '' then
  end_all(KEYS[2])
  return {'ended', ''}
end
local function rights(profile)
  local numbers = profile.client_numbers
  table.sort(numbers)
  return profile.role .. '/' .. table.concat(numbers, ',')
end
local known = redis.call('HGET', KEYS[1], 'profile')
if not known then -- a first login may be under way, to an address that is no longer right
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  tell_ended()
  return {'ended', ''}
end
if known == ARGV[1] then return {'same', ''} end
local before = keep_profile(ARGV[1])
if before ~= '' then
  end_all(KEYS[2])
  return {'ended', before}
end
if rights(cjson.decode(known)) ~= rights(cjson.decode(ARGV[1])) then
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  redis.call('DEL', KEYS[2])
  tell_ended()
  return {'ended', ''}
end
return {'renamed', ''}
