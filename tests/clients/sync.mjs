// A client that was away takes up where it was: by `room:sync`, and by cursors in its handshake.
//
//   node sync.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { createGroup, history, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send, socketOf } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const AWAY = 450;

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'eve')]);
  const room = await createGroup(alice, [bob], 'away');
  const alices = await connect(alice, { transports: 'websocket' });
  const first = await send(alices, { roomId: room.id, content: 'before' });
  const before = await send(alices, { roomId: room.id, content: 'to be deleted' });

  doing('talking while Bob is away');
  let changes = 0;
  await inParallel(8, [...Array(AWAY).keys()], (index) => send(alices, { roomId: room.id, content: `message ${index}` }));
  for (const [event, payload] of [
    ['message:edit', { content: 'once' }], ['message:react', { emoji: '👍' }], ['message:edit', { content: 'twice' }],
  ]) {
    changes += 1;
    await ask(alices, event, { messageId: first.id, ...payload });
  }
  await ask(alices, 'message:delete', { messageId: before.id, for: 'everyone' });
  const log = await history(alice, room.id);

  /** What a client has that applies what it is told. */
  const model = () => new Map([[first.id, first], [before.id, before]]);
  const same = (applied) => {
    const mine = [...applied.values()].sort((a, b) => a.seq - b.seq);
    const wrong = mine.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(log[index]));
    check(mine.length === log.length && wrong === -1, () => `there are ${mine.length} of ${log.length}; ${quote(mine[wrong])} is ${quote(log[wrong])}`);
  };

  doing('asking what was missed');
  const bobs = await connect(bob, { transports: 'websocket' });
  const applied = model();
  let cursor = before.rev;
  let pages = 0;
  for (let complete = false; !complete; pages += 1) {
    const answer = await ask(bobs, 'room:sync', { cursors: { [room.id]: cursor } });
    const page = answer.rooms?.[room.id];
    check(answer.ok && page?.head.seq === log.length, () => `room:sync was answered ${quote(answer)}`);
    page.changes.forEach(({ message }) => applied.set(message.id, message));
    ({ cursor, complete } = page);
  }
  check(pages > 1, 'everything came in one page');
  same(applied);

  doing('coming back with a cursor');
  const resumed = model();
  const order = [];
  const back = socketOf(there, { token: bob.token, cursors: { [room.id]: before.rev } }, { transports: 'websocket' });
  const take = (message) => {
    order.push(message.rev);
    resumed.set(message.id, message);
  };
  const receives = [];
  back.on('message:receive', (message) => { receives.push(message.seq); take(message); });
  back.on('message:updated', take);
  back.connect();
  await until(() => resumed.size === log.length && order.at(-1) === cursor, () => `all of it, there are ${resumed.size} of ${log.length}`);
  same(resumed);
  check(order.every((rev, index) => index === 0 || rev > order[index - 1]), 'revisions came out of order');
  check(receives.every((seq, index) => seq === index + 3), 'a message came twice, or out of order, or not at all');
  const live = await send(alices, { roomId: room.id, content: 'live' });
  await until(() => resumed.has(live.id), 'what comes after it');

  doing('being too far ahead, and prying');
  const lost = await ask(bobs, 'room:sync', { cursors: { [room.id]: 1_000_000 } });
  check(lost.rooms[room.id].resync === true && lost.rooms[room.id].complete === false, () => `a cursor from nowhere was answered ${quote(lost)}`);
  const eves = await connect(eve, { transports: 'websocket' });
  const refused = await ask(eves, 'room:sync', { cursors: { [room.id]: 0 } });
  check(refused.ok && refused.rooms[room.id].error?.code === 'ROOM_NOT_FOUND', () => `Eve was answered ${quote(refused)}`);
  const many = Object.fromEntries([...Array(101).keys()].map((index) => [index.toString(16).padStart(24, '0'), 0]));
  const tooMany = await ask(eves, 'room:sync', { cursors: many });
  check(tooMany.ok === false && tooMany.error.code === 'FIELD_INVALID', () => `101 rooms were answered ${quote(tooMany)}`);
  const snapshot = await connect({ ...bob, token: bob.token }, { transports: 'websocket', prepare: (socket) => { socket.auth = { token: bob.token, cursors: { [room.id]: 1_000_000 } }; } });
  check(snapshot.snapshot.rooms[0].resync === true, () => `ready says ${quote(snapshot.snapshot.rooms[0])}`);
  [alices, bobs, back, eves, snapshot].forEach((socket) => socket.disconnect());
  return { missed: AWAY, changes, pages };
});
