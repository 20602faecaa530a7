-- Keeps entries, each unless one is there that was asked for later.
-- KEYS: the entries. ARGV: until when, in milliseconds of the epoch; how many digits at the beginning of each
-- value say when it was asked for; the values.
local digits = tonumber(ARGV[2])
for i, key in ipairs(KEYS) do
  local value = ARGV[i + 2]
  local known = redis.call('GETRANGE', key, 0, digits - 1)
  if known == '' or tonumber(known) <= tonumber(string.sub(value, 1, digits)) then
    redis.call('SET', key, value, 'PXAT', ARGV[1])
  end
end
return #KEYS
