-- KEYS[1] failure counter; ARGV: 1 lock that the reservation set, or '0'
-- For attempts that could not be judged: hash pool full, directory away. Returns {'refunded'}
--#include refund
refund(KEYS[1], ARGV[1])
return {'refunded'}
