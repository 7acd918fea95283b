// Searching, over REST and Socket.IO, by any gateway.
//
//   node search.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask, createGroup, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('sending what is to be found');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'eve')]);
  const room = await createGroup(alice, [bob], 'plans');
  const [alices, bobs, eves] = await Promise.all([alice, bob, eve].map((user) => connect(user, { transports: 'websocket' })));
  const texts = ['Breakfast at eight', 'Lunch at noon', 'Café at noon, lunch later'];
  for (const content of texts) await send(alices, { roomId: room.id, content });

  doing('finding it over both ways');
  const contents = ({ messages }) => messages.map(({ content }) => content);
  const rest = (user, query) => ask(user.url, 'GET', `/api/search?${new URLSearchParams(query)}`, { token: user.token });
  const same = (found, expected) => JSON.stringify(contents(found)) === JSON.stringify(expected);
  await until(async () => same(await rest(bob, { q: 'lunch noon' }), [texts[2], texts[1]]), 'both lunches at noon');
  const found = await bobs.emitWithAck('message:search', { q: 'cafe lun', roomId: room.id });
  check(found.ok && same(found, [texts[2]]) && found.messages[0].sender.username === alice.username, () => `message:search says ${quote(found)}`);
  const page = await rest(bob, { q: 'at*', limit: 2 });
  check(same(page, [texts[2], texts[1]]) && page.hasMore, () => `the first page is ${quote(page)}`);
  check(same(await rest(bob, { q: 'at*', limit: 2, cursor: page.nextCursor }), [texts[0]]), 'the second page is not the rest');

  doing('prying');
  check(same(await rest(eve, { q: 'lunch' }), []), 'Eve finds messages of a room she is not in');
  const refused = await eves.emitWithAck('message:search', { q: 'lunch', roomId: room.id });
  check(refused.ok === false && refused.error.code === 'ROOM_NOT_FOUND', () => `Eve is told ${quote(refused)}`);
  const empty = await bobs.emitWithAck('message:search', { q: '' });
  check(empty.ok === false && empty.error.code === 'QUERY_INVALID', () => `an empty query is answered with ${quote(empty)}`);
  [alices, bobs, eves].forEach((socket) => socket.disconnect());
});
