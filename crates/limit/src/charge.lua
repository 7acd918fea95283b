-- Takes from several budgets, all or none; crates/limit/src/gcra.rs says the same without Redis.
-- KEYS: one for each budget. ARGV: for each its interval in microseconds, what it holds, and the cost.
-- Answers the time, whether there was enough, and when each budget will be full. Whole numbers up to 2^53 are exact.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local tats = redis.call('MGET', unpack(KEYS))
local after, allowed = {}, 1
for i = 1, #KEYS do
  local interval, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i])
  local depth = interval * tonumber(ARGV[3 * i - 1])
  -- What a budget never had (a clock that went back, a smaller quota than before) counts as empty.
  local tat = math.min(math.max(tats[i] and tonumber(tats[i]) or 0, now), now + depth)
  local full = math.max(tat + cost * interval, now)
  if cost > 0 and full - now > depth then allowed = 0 end
  tats[i], after[i] = tat, full
end
if allowed == 1 then
  for i = 1, #KEYS do
    if after[i] > now then
      -- A full budget is the same as none.
      if tonumber(ARGV[3 * i]) ~= 0 then
        redis.call('SET', KEYS[i], string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000))
      end
    elseif tats[i] > now then
      redis.call('DEL', KEYS[i])
    end
  end
  tats = after
end
return { now, allowed, unpack(tats) }
