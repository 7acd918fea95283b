-- The presence of users. Arguments: users.
-- Answers, for each in order, {1 if online, 0 if offline, 2 if unknown, number of sockets}, flat.

local complete = redis.call('EXISTS', begun) == 1 and redis.call('EXISTS', incomplete) == 0

local answer = {}
for number = 1, #ARGV - 2 do
  local user = argument(number)
  local sockets = redis.call('SCARD', sockets_of(user))
  local present = sockets > 0
  if not present then
    -- Whoever left a moment ago is online for others until they are told otherwise.
    local state = edge_of(user)
    present = state == 'leaving' or state == 'leaving_untold'
  end
  table.insert(answer, present and 1 or complete and 0 or 2)
  table.insert(answer, sockets)
end
return answer
