-- KEYS[1] account, KEYS[2] flow, KEYS[3] PIN mails of the last hour
-- ARGV: 1 candidate version seen  2 PIN version seen  3 password hash  4 broken personal rules
--       5 PIN MAC  6 PIN life ms  7 PIN mails an hour  8 candidates a flow
-- Returns {'sent', deliver 1|0} | {'conflict'} | {'dead'}
--#include clock
--#include flow_state
--#include window
if flow.state ~= 'IDENTIFIED' and flow.state ~= 'PIN_SENT' then return {'dead'} end
if flow.candidate_version ~= ARGV[1] or flow.pin_version ~= ARGV[2] then return {'conflict'} end
if tonumber(flow.candidate_version) >= tonumber(ARGV[8]) then
  redis.call('DEL', KEYS[2])
  return {'dead'}
end
local limit = tonumber(ARGV[7])
local deliver = 0
if window_wait(KEYS[3], limit, 3600000) == 0 then
  window_add(KEYS[3], limit, 3600000)
  if flow.kind == 'real' then deliver = 1 end
end
redis.call('HSET', KEYS[2], 'state', 'PIN_SENT', 'candidate', ARGV[3], 'personal', ARGV[4],
  'candidate_version', flow.candidate_version + 1, 'pin_version', flow.pin_version + 1,
  'pin_mac', ARGV[5], 'pin_expires', now + ARGV[6], 'pin_tries', 0, 'sent', now)
return {'sent', deliver}
