-- Renews or takes a lease. Arguments: gateway, relay url, lease ms.
-- Answers {1 if the lease was not held, gateway, url, gateway, url, ...} of all gateways that live.

local gateway, url = argument(1), argument(2)

local ends = redis.call('ZSCORE', leases, gateway)
local taken = not ends or tonumber(ends) <= now_ms
redis.call('ZADD', leases, digits(now_ms + argument(3)), gateway)
-- A socket may have made the lease, but only a renewal brings the url: without one, this is the first.
taken = redis.call('HSET', urls, gateway, url) == 1 or taken

local answer = { taken and 1 or 0 }
for _, living in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. digits(now_ms), '+inf')) do
  local relay = redis.call('HGET', urls, living)
  if relay then
    table.insert(answer, living)
    table.insert(answer, relay)
  end
end
return answer
