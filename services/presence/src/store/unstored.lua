-- Users whose last-seen time is to be stored with auth. Arguments: how many at most, turn ms.
-- Answers {user, milliseconds, user, ...}; empty while another replica has its turn.

if redis.call('EXISTS', unstored) == 0 then
  return {}
end
-- Storing twice does no harm; this only keeps all replicas from doing the same work. After a failure
-- the turn runs out by itself, which is the pause before the next attempt.
if not redis.call('SET', recorder, '1', 'NX', 'PX', argument(2)) then
  return {}
end
return redis.call('ZRANGE', unstored, 0, argument(1) - 1, 'WITHSCORES')
