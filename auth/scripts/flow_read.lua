-- KEYS[1] account, KEYS[2] flow; reads only (a GET changes nothing)
-- Returns {state, kind, entry, candidate_version, pin_version, broken personal rules, profile}
--#include clock
--#include flow_state
if flow.state == 'DEAD' or flow.state == 'COMMITTED' then return {flow.state} end
return {flow.state, flow.kind, flow.entry, flow.candidate_version, flow.pin_version,
  flow.personal or '', flow.profile}
