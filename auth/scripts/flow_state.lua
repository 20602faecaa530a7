-- included by the flow's scripts; KEYS[1] account hash, KEYS[2] flow hash
-- A flow lives until its time is over or the account's epoch has moved on.
local flow = {}
local raw = redis.call('HGETALL', KEYS[2])
for i = 1, #raw, 2 do
  flow[raw[i]] = raw[i + 1]
end
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
if not flow.state or now >= tonumber(flow.expires) then
  flow.state = 'DEAD'
elseif flow.state ~= 'COMMITTED' and flow.epoch ~= epoch then
  flow.state = 'DEAD'
elseif flow.state == 'REPICK' and now >= tonumber(flow.repick_expires) then
  flow.state = 'DEAD'
end
