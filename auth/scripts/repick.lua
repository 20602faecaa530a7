-- KEYS[1] account, KEYS[2] flow, KEYS[3] sessions, KEYS[4] login failures
-- ARGV: 1 password hash  2 life of the tombstone ms
-- Returns {'committed', epoch, profile before or ''} | {'already'} | {'dead'}
--#include clock
--#include flow_state
--#include ended
--#include profile
--#include commit_flow
if flow.state == 'COMMITTED' then return {'already'} end
if flow.state ~= 'REPICK' or flow.kind ~= 'real' then return {'dead'} end
return commit(ARGV[1], tonumber(ARGV[2]))
