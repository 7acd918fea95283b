-- Last-seen times have been stored; the turn is over. Arguments: user, milliseconds, user, ...

for number = 1, #ARGV - 2, 2 do
  local user = argument(number)
  -- They may have left once more meanwhile.
  local at = redis.call('ZSCORE', unstored, user)
  if at and tonumber(at) == tonumber(argument(number + 1)) then
    redis.call('ZREM', unstored, user)
  end
end
redis.call('DEL', recorder)
return 0
