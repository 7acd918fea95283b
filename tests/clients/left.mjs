// A gateway is killed: of its users, who does not come back is told to be gone, once, and of who comes back elsewhere
// nothing is told at all. The last of the addresses is the one that is killed.
//
//   node left.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401,http://127.0.0.1:7402 --control http://127.0.0.1:PORT

import { signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, control: undefined }, async ({ url, control }) => {
  const [here, there] = url;
  const dying = url.at(-1);
  doing('connecting');
  const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => signUp(here, name)));
  const seen = { here: [], there: [] };
  const edges = (user) => Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, all.filter(({ userId }) => userId === user.id).map(({ online }) => online)]));
  const exactly = (user, expected) => {
    const both = { here: expected, there: expected };
    check(quote(edges(user)) === quote(both), () => `of ${user.username} the watchers saw ${quote(edges(user))}, not ${quote(expected)}`);
  };
  const told = (user, count) => until(() => Object.values(edges(user)).every((all) => all.length >= count), () => `edge ${count} of ${user.username}: ${quote(edges(user))}`, 30_000);
  const watch = async (name, at) => {
    const watcher = await connect(alice, { url: at, transports: 'websocket', prepare: (one) => one.on('presence', (event) => seen[name].push(event)) });
    await ask(watcher, 'presence:watch', { userIds: [bob, carol, dave].map(({ id }) => id) });
    return watcher;
  };
  await Promise.all([watch('here', here), watch('there', there)]);
  const gone = await connect(bob, { url: dying, transports: 'websocket', reconnection: false });
  const returning = await connect(carol, { url: dying, transports: 'websocket', reconnection: false });
  await Promise.all([told(bob, 1), told(carol, 1)]);

  doing('losing the gateway');
  const losses = Promise.all([gone, returning].map((socket) => new Promise((resolve) => { socket.once('disconnect', resolve); })));
  await fetch(`${control}/kill`, { method: 'POST' });
  await losses;
  await connect(carol, { url: there, transports: 'websocket' });
  await told(bob, 2);

  doing('coming and going of somebody else, which is told after whatever there was to tell');
  const marker = await connect(dave, { url: here, transports: 'websocket' });
  await told(dave, 1);
  marker.disconnect();
  await told(dave, 2);
  exactly(bob, [true, false]);
  exactly(carol, [true]);
  return { edges: seen.here.length + seen.there.length };
});
