-- The gateways whose leases have ended, the longest dead first. Arguments: how many at most.

return redis.call('ZRANGEBYSCORE', leases, '-inf', digits(now_ms), 'LIMIT', 0, argument(1))
