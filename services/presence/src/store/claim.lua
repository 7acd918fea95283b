-- Claims edges that are due to be told. Arguments: how many at most, retell ms.
-- Answers {user, state, version, user, ...}; whoever claims has the retell time to confirm.

local answer = {}
local users = redis.call('ZRANGEBYSCORE', due, '-inf', digits(now_ms), 'LIMIT', 0, argument(1))
for _, user in ipairs(users) do
  local state, version = edge_of(user)
  if not state then
    redis.call('ZREM', due, user)
  else
    if state == 'leaving' or state == 'leaving_untold' then
      -- From here on a return must be told: somebody may have heard that they went.
      state = 'gone'
      redis.call('ZADD', unstored, 'GT', digits(math.floor(version / 1000)), user)
    end
    put_edge(user, state, version, now_ms + argument(2))
    table.insert(answer, user)
    table.insert(answer, state)
    table.insert(answer, version)
  end
end
return answer
