-- KEYS[1] account, KEYS[2] flow, KEYS[3] PIN mails of the last hour, KEYS[4] resends of the last hour
-- ARGV: 1 candidate version seen  2 PIN version seen  3 PIN MAC  4 PIN life ms  5 ms between two mails
--       6 resends a flow  7 resends an hour  8 PIN mails an hour
-- Returns {'sent', deliver 1|0} | {'limited'} | {'conflict'} | {'dead'}; a new PIN ends the old one
--#include clock
--#include flow_state
--#include window
if flow.state ~= 'PIN_SENT' then return {'dead'} end
if flow.candidate_version ~= ARGV[1] or flow.pin_version ~= ARGV[2] then return {'conflict'} end
if now < flow.sent + ARGV[5] or tonumber(flow.resends) >= tonumber(ARGV[6])
  or window_wait(KEYS[4], tonumber(ARGV[7]), 3600000) > 0
  or window_wait(KEYS[3], tonumber(ARGV[8]), 3600000) > 0 then
  return {'limited'}
end
window_add(KEYS[4], tonumber(ARGV[7]), 3600000)
window_add(KEYS[3], tonumber(ARGV[8]), 3600000)
redis.call('HSET', KEYS[2], 'pin_version', flow.pin_version + 1, 'pin_mac', ARGV[3],
  'pin_expires', now + ARGV[4], 'pin_tries', 0, 'resends', flow.resends + 1, 'sent', now)
return {'sent', flow.kind == 'real' and 1 or 0}
