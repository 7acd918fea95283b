// Who watches a user sees each edge exactly once, on every gateway, however many sockets the user has.
//
//   node presence.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { presenceOf, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, askKnown, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => signUp(here, name)));
  const seen = { here: [], there: [], stranger: [] };
  const watch = async (name, at, user) => {
    const socket = await connect(user, { url: at, transports: 'websocket', prepare: (one) => one.on('presence', (event) => seen[name].push(event)) });
    return socket;
  };
  const watchers = await Promise.all([watch('here', here, alice), watch('there', there, alice)]);
  await watch('stranger', there, dave);
  const edges = (user, name) => seen[name].filter(({ userId }) => userId === user.id).map(({ online }) => online);
  const both = (user, count) => until(() => ['here', 'there'].every((name) => edges(user, name).length >= count), () => `edge ${count} of ${user.username}: ${quote(seen)}`, 30_000);
  const exactly = (user, expected) => ['here', 'there'].forEach((name) => {
    check(JSON.stringify(edges(user, name)) === JSON.stringify(expected), () => `the watcher ${name} saw ${quote(edges(user, name))} of ${user.username} instead of ${quote(expected)}`);
  });

  doing('watching');
  for (const watcher of watchers) {
    const { ok, presences, ...rest } = await askKnown(watcher, 'presence:watch', { userIds: [bob.id, carol.id] });
    check(ok === true && Array.isArray(presences), () => `presence:watch was answered ${quote({ ok, presences, ...rest })}`);
    const states = Object.fromEntries(presences.map(({ userId, online }) => [userId, online]));
    check(states[bob.id] === false && states[carol.id] === false, () => `before anyone connects: ${quote(presences)}`);
  }

  doing('coming online with two sockets');
  const one = await connect(bob, { url: there, transports: 'websocket' });
  await both(bob, 1);
  const two = await connect(bob, { url: here, transports: 'websocket' });
  const state = await presenceOf(alice, bob, here);
  check(state.online === true, () => `while Bob is online, his presence is ${quote(state)}`);
  // Carol's edge comes after whatever the second socket would have caused.
  const marker = await connect(carol, { url: here, transports: 'websocket' });
  await both(carol, 1);
  exactly(bob, [true]);

  doing('refreshing the page: gone and back at once');
  two.disconnect();
  one.disconnect();
  const three = await connect(bob, { url: there, transports: 'websocket' });
  // Carol leaves later than Bob did, so when her absence is announced his would have been.
  marker.disconnect();
  await both(carol, 2);
  exactly(bob, [true]);
  exactly(carol, [true, false]);

  doing('going offline');
  three.disconnect();
  await both(bob, 2);
  const last = seen.here.filter(({ userId }) => userId === bob.id).at(-1);
  check(!Number.isNaN(Date.parse(last.lastSeen)), () => `going offline without a lastSeen: ${quote(last)}`);

  doing('unwatching');
  const done = await ask(watchers[0], 'presence:unwatch', { userIds: [carol.id] });
  check(done.ok === true, () => `presence:unwatch was answered ${quote(done)}`);
  const back = await connect(carol, { url: here, transports: 'websocket' });
  const bobBack = await connect(bob, { url: there, transports: 'websocket' });
  await both(bob, 3);
  await until(() => edges(carol, 'there').length === 3, 'Carol to be seen by who still watches her');
  exactly(bob, [true, false, true]);
  check(edges(carol, 'here').length === 2, 'Carol was seen by who no longer watches her');
  check(seen.stranger.length === 0, () => `someone who watches nobody was told ${quote(seen.stranger)}`);
  [...watchers, back, bobBack].forEach((socket) => socket.disconnect());
  return { edges: seen.here.length + seen.there.length };
});
