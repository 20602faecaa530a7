-- The generations of some clients' data and some entries, as of one moment.
-- KEYS: the generations, then the entries.
-- ARGV: how many generations; a name for those that are missing, never used before; their life in milliseconds.
local count = tonumber(ARGV[1])
local generations = {}
for i = 1, count do
  local found = redis.call('GET', KEYS[i])
  if not found then
    found = ARGV[2] .. ':' .. i
    redis.call('SET', KEYS[i], found, 'PX', ARGV[3])
  end
  generations[i] = found
end
local time = redis.call('TIME')
local answer = { time[1] * 1000 + math.floor(time[2] / 1000), redis.sha1hex(table.concat(generations, ' ')) }
for i = count + 1, #KEYS do
  answer[#answer + 1] = redis.call('GET', KEYS[i])
end
return answer
