// A session ends while Redis is gone, and nobody tells the gateways: they find out when Redis is back.
//
//   node unheard.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:9000
//
// `--control` takes `/cut`, `/mend`, and `/end-<user>-<session>`, which ends a session without a word.

import { claims, logIn, signUp } from './lib/rest.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, control: undefined, deadline: 90 }, async ({ url, control }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  doing('connecting');
  const alice = await signUp(url[0], 'alice');
  const phone = await logIn(alice, { url: url.at(-1) });
  const losses = [];
  const [desks, phones] = await Promise.all([
    connect(alice), connect(phone, { prepare: (socket) => socket.on('disconnect', (reason) => losses.push(reason)) }),
  ]);
  doing('ending the session of the phone');
  await tell('cut');
  await tell(`end-${phone.id}-${claims(phone).sid}`);
  check(losses.length === 0 && phones.connected, 'the phone was closed before anybody could know');
  await tell('mend');
  await until(() => losses.length > 0, 'the phone to be closed', 30_000);
  check(losses[0] === 'io server disconnect' && !phones.active, `the phone was lost by ${losses[0]} and may come back`);
  check(desks.connected, 'another session was closed, too');
  return { losses };
});
