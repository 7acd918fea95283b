-- What every script begins with: the names of the keys, the time, and the life of an edge.
--
-- KEYS: the keys that do not depend on a user or a gateway, in the order of `keys.rs`.
-- ARGV[1], ARGV[2]: what the keys of one user's and of one gateway's sockets begin with.
-- A script's own arguments follow; `argument(1)` is the first of them.
--
-- The hash `edges` holds, for each user about whom something is to be told, "<state> <version>":
--   arrived          online; watchers are being told
--   leaving          offline, and not told yet: the user may come back unnoticed
--   leaving_untold   the same, but nobody confirmed that watchers knew of the arrival
--   gone             offline; watchers are being told
-- The sorted set `due` says when to tell them (again), in milliseconds. An edge that was told is
-- removed by `confirm.lua`; until then it comes up again, so that no crash swallows it.

local online, due, edges, unstored, leases, urls, recorder, begun, incomplete =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]

local function argument(number)
  return ARGV[number + 2]
end

local function sockets_of(user)
  return ARGV[1] .. user
end

local function held_by(gateway)
  return ARGV[2] .. gateway
end

-- One clock for all replicas. Microseconds since 1970 fit a double exactly until the year 2255.
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now_ms = math.floor(now_us / 1000)

local function digits(number)
  return string.format('%.0f', number)
end

local function edge_of(user)
  local edge = redis.call('HGET', edges, user)
  if not edge then
    return nil, nil
  end
  return string.match(edge, '^(%S+) (%d+)$')
end

local function put_edge(user, state, version, due_ms)
  redis.call('HSET', edges, user, state .. ' ' .. version)
  redis.call('ZADD', due, digits(due_ms), user)
end

local function drop_edge(user)
  redis.call('HDEL', edges, user)
  redis.call('ZREM', due, user)
end

-- A user's first socket has come. Answers the version to be told, or '' if watchers know already.
local function arrive(user, retell_ms)
  redis.call('SADD', online, user)
  if edge_of(user) == 'leaving' then
    drop_edge(user)
    return ''
  end
  local version = digits(now_us)
  put_edge(user, 'arrived', version, now_ms + retell_ms)
  return version
end

-- Takes a socket away. Answers 1 if it was the user's last.
local function leave(user, connection, debounce_ms)
  local sockets = sockets_of(user)
  if redis.call('SREM', sockets, connection) == 0 or redis.call('EXISTS', sockets) == 1 then
    return 0
  end
  redis.call('SREM', online, user)
  local state = edge_of(user) == 'arrived' and 'leaving_untold' or 'leaving'
  -- Another gateway may have a socket of theirs and not have told of it again yet.
  local wait_ms = math.max(debounce_ms, redis.call('PTTL', incomplete))
  put_edge(user, state, digits(now_us), now_ms + wait_ms)
  return 1
end
