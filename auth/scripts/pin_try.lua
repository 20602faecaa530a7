-- KEYS[1] account, KEYS[2] flow, KEYS[3] sessions, KEYS[4] login failures, KEYS[5] wrong PINs of the day
-- ARGV: 1 candidate version seen  2 PIN version seen  3 MAC of the typed PIN  4 tries a PIN  5 tries a flow
--       6 wrong PINs a day  7 the day in ms  8 life of REPICK ms  9 life of the tombstone ms
-- Returns {'committed', epoch, profile before or ''} | {'already'} | {'repick'} | {'wrong'} | {'locked', ms} | {'conflict'} | {'dead'}
--#include clock
--#include flow_state
--#include window
--#include ended
--#include profile
--#include commit_flow
if flow.state == 'COMMITTED' then return {'already'} end
if flow.state ~= 'PIN_SENT' then return {'dead'} end
-- a PIN checked against versions that have moved on is neither right nor wrong: nothing was compared
if flow.candidate_version ~= ARGV[1] or flow.pin_version ~= ARGV[2] then return {'conflict'} end
local daily = tonumber(ARGV[6])
local wait = window_wait(KEYS[5], daily, tonumber(ARGV[7]))
if wait > 0 then return {'locked', wait} end
local usable = now < tonumber(flow.pin_expires) and tonumber(flow.pin_tries) < tonumber(ARGV[4])
if flow.kind ~= 'real' or not usable or flow.pin_mac ~= ARGV[3] then
  window_add(KEYS[5], daily, tonumber(ARGV[7]))
  redis.call('HINCRBY', KEYS[2], 'pin_tries', 1)
  if redis.call('HINCRBY', KEYS[2], 'flow_tries', 1) >= tonumber(ARGV[5]) then
    redis.call('DEL', KEYS[2])
    return {'dead'}
  end
  return {'wrong'}
end
redis.call('DEL', KEYS[5])
if flow.personal ~= '' then
  redis.call('HDEL', KEYS[2], 'pin_mac', 'candidate')
  redis.call('HSET', KEYS[2], 'state', 'REPICK', 'repick_expires', now + ARGV[8])
  return {'repick'}
end
return commit(flow.candidate, tonumber(ARGV[9]))
