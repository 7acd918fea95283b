-- How much there is of everything: {users online, edges to tell, last-seen times to store, leases}.

return {
  redis.call('SCARD', online),
  redis.call('ZCARD', due),
  redis.call('ZCARD', unstored),
  redis.call('ZCARD', leases),
}
