-- Renews or takes a lease. Arguments: gateway, relay url, lease ms, telling ms.
-- Answers {1 if the lease was not held, gateway, url, gateway, url, ...} of all gateways that live.

local gateway, url = argument(1), argument(2)

local ends = redis.call('ZSCORE', leases, gateway)
local taken = not ends or tonumber(ends) <= now_ms
redis.call('ZADD', leases, digits(now_ms + argument(3)), gateway)
-- A socket may have made the lease, but only a renewal brings the url: without one, this is the first.
taken = redis.call('HSET', urls, gateway, url) == 1 or taken

if redis.call('SET', begun, digits(now_ms), 'NX') then
  -- Who lives renews its lease before it would have ended.
  redis.call('SET', incomplete, gateway, 'PX', argument(3))
end
local left_ms = redis.call('PTTL', incomplete)
if taken and left_ms > 0 and left_ms < tonumber(argument(4)) then
  -- It came late, and is about to tell of its sockets.
  redis.call('PEXPIRE', incomplete, argument(4))
end

local answer = { taken and 1 or 0 }
for _, living in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. digits(now_ms), '+inf')) do
  local relay = redis.call('HGET', urls, living)
  if relay then
    table.insert(answer, living)
    table.insert(answer, relay)
  end
end
return answer
