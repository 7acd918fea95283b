-- Takes a socket away. Arguments: user, connection, gateway, debounce ms.
-- Answers 1 if it was the user's last.

local user, connection, gateway = argument(1), argument(2), argument(3)

redis.call('SREM', held_by(gateway), user .. ' ' .. connection)
return leave(user, connection, tonumber(argument(4)))
