-- Adds a socket. Arguments: user, connection, gateway, lease ms, retell ms.
-- Answers {1 if it is the user's first, the version to be told or ''}.

local user, connection, gateway = argument(1), argument(2), argument(3)

-- A gateway that connects before it took its lease gets one, so that its sockets are found when it
-- never comes back.
redis.call('ZADD', leases, 'NX', digits(now_ms + argument(4)), gateway)
redis.call('SADD', held_by(gateway), user .. ' ' .. connection)

local sockets = sockets_of(user)
if redis.call('SADD', sockets, connection) == 0 or redis.call('SCARD', sockets) > 1 then
  return { 0, '' }
end
return { 1, arrive(user, tonumber(argument(5))) }
