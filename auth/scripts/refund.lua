-- included where a reserved login attempt is given back; the lock goes only when this attempt had set it
local function refund(key, lock_set)
  local counter = redis.call('HMGET', key, 'failures', 'until')
  if not counter[1] then return end
  if lock_set ~= '0' and counter[2] == lock_set then redis.call('HSET', key, 'until', 0) end
  if redis.call('HINCRBY', key, 'failures', -1) <= 0 then redis.call('DEL', key) end
end
