// Redis loses all it knows while somebody is online: presence says so again soon, without the client doing anything.
//
//   node forgotten.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { ask, signUp } from './lib/rest.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { connect } from './lib/socket.mjs';

await scenario({ url: undefined, control: undefined }, async ({ url, control }) => {
  const alice = await signUp(url[0], 'alice');
  const isOnline = async () => (await ask(url.at(-1), 'GET', `/api/users/${alice.id}/presence`, { token: alice.token })).online === true;
  /** Asks again and again: what is waited for has no event. */
  const comes = async (state) => {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
      if (await isOnline() === state) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    check(false, `alice is not ${state ? 'online' : 'offline'}`);
  };
  doing('being online');
  const losses = [];
  await connect(alice, { prepare: (socket) => socket.on('disconnect', (reason) => losses.push(reason)) });
  await comes(true);

  doing('being forgotten');
  await fetch(`${control}/forget`, { method: 'POST' });
  check(!await isOnline(), 'Redis has forgotten nothing');

  doing('being remembered');
  await comes(true);
  check(losses.length === 0, `the client was disconnected: ${losses}`);
});
