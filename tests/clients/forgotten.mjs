// Redis loses all it knows while somebody is online: presence says so again soon, without the client doing anything, and
// until then that it is unknown, but never that they are offline.
//
//   node forgotten.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, control: undefined }, async ({ url, control }) => {
  const [alice, bob] = await Promise.all([signUp(url[0], 'alice'), signUp(url[0], 'bob')]);
  const stateOf = async (user, gateway) => {
    const { status, body } = await request(gateway, 'GET', `/api/users/${user.id}/presence`, { token: alice.token });
    if (status === 503 && body.code === 'PRESENCE_UNKNOWN') return 'unknown';
    check(status === 200, () => `asking for ${user.username} was answered ${status} ${quote(body)}`);
    return body.online ? 'online' : 'offline';
  };
  doing('being online');
  const losses = [];
  await connect(alice, { prepare: (socket) => socket.on('disconnect', (reason) => losses.push(reason)) });
  await until(async () => await stateOf(alice, url.at(-1)) === 'online', 'alice to be online');
  await until(async () => await stateOf(bob, url.at(-1)) === 'offline', 'bob to be offline');

  doing('being forgotten');
  await fetch(`${control}/forget`, { method: 'POST' });
  for (const gateway of url) {
    const state = await stateOf(bob, gateway);
    check(state === 'unknown', `Redis has forgotten all, and bob is ${state}`);
  }

  doing('being remembered');
  const known = async () => {
    const states = await Promise.all(url.map((gateway) => stateOf(alice, gateway)));
    check(!states.includes('offline'), () => `alice, who is online, is ${states}`);
    return await stateOf(bob, url[0]) === 'offline' && states.every((state) => state === 'online');
  };
  await until(known, 'alice to be online and bob to be offline again', 40_000, 50);
  check(losses.length === 0, `the client was disconnected: ${losses}`);
});
