// Lines that let nothing through any more, and tell nobody: the gateway finds such sockets by their heartbeat, and their
// users are told to be gone, once; the stock client finds it by itself, and is back before it is missed.
//
//   node half-open.mjs --url http://127.0.0.1:7400 --through http://127.0.0.1:PORT --control http://127.0.0.1:PORT
//
// `--through` leads to the gateway by a line that falls silent when `--control` is told so.

import { signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, through: undefined, control: undefined }, async ({ url: [url], through, control }) => {
  doing('connecting');
  const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => signUp(url, name)));
  const seen = [];
  const edges = (user) => seen.filter(({ userId }) => userId === user.id).map(({ online }) => online);
  const watcher = await connect(alice, { transports: 'websocket', prepare: (one) => one.on('presence', (event) => seen.push(event)) });
  await ask(watcher, 'presence:watch', { userIds: [bob.id, carol.id, dave.id] });
  const lost = await connect(bob, { url: through, transports: 'websocket', reconnection: false });
  const returning = await connect(carol, { url: through, transports: 'websocket', reconnectionDelay: 50 });
  await until(() => edges(bob).length === 1 && edges(carol).length === 1, () => `both to be seen: ${quote(seen)}`);

  doing('falling silent');
  let reason;
  lost.once('disconnect', (why) => { reason = why; });
  let back = false;
  returning.once('ready', () => { back = true; });
  await fetch(`${control}/silence`, { method: 'POST' });
  await until(() => back, 'the stock client to be back');
  await until(() => edges(bob).length === 2, () => `the other to be missed: ${quote(seen)}`);
  await until(() => reason, 'the other to notice it');

  doing('coming and going of somebody else, which is told after whatever there was to tell');
  const marker = await connect(dave, { url, transports: 'websocket' });
  marker.disconnect();
  await until(() => edges(dave).length === 2, () => `the marker: ${quote(seen)}`);
  check(reason === 'ping timeout', () => `the client lost its line for ${reason}`);
  check(quote(edges(bob)) === quote([true, false]), () => `of who is cut off was seen ${quote(edges(bob))}`);
  check(quote(edges(carol)) === quote([true]), () => `of who is back was seen ${quote(edges(carol))}`);
  return { seen: seen.length };
});
