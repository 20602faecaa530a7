-- KEYS[1] account; ARGV: 1 hash of the invitation
-- Returns {'noted'} | {'replaced'} when there is a newer one
if redis.call('HGET', KEYS[1], 'invitation') ~= ARGV[1] then return {'replaced'} end
redis.call('HSET', KEYS[1], 'invitation_delivered', 1)
return {'noted'}
