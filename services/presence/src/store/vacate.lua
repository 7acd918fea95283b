-- Takes some of a dead gateway's sockets away, and its lease after the last of them.
-- Arguments: gateway, how many at most, debounce ms.
-- Answers {1 if there are more, number taken, number of users whose last socket went}.

local gateway, limit, debounce_ms = argument(1), argument(2), tonumber(argument(3))

local ends = redis.call('ZSCORE', leases, gateway)
if ends and tonumber(ends) > now_ms then
  return { 0, 0, 0 } -- It came back to life while we looked.
end

local sockets = redis.call('SPOP', held_by(gateway), limit)
local departed = 0
for _, socket in ipairs(sockets) do
  local user, connection = string.match(socket, '^(%S+) (.+)$')
  departed = departed + leave(user, connection, debounce_ms)
end

if redis.call('EXISTS', held_by(gateway)) == 1 then
  return { 1, #sockets, departed }
end
redis.call('ZREM', leases, gateway)
redis.call('HDEL', urls, gateway)
return { 0, #sockets, departed }
