// What a room keeps no longer: its owner says how much that is, and to nobody does it look like a loss. And history
// around a message, and at its beginning.
//
//   node retention.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401   (message-store with RETENTION_EVERY=100ms)

import { ask as rest, createGroup, history, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send, socketOf } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('talking');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(here, 'eve')]);
  const room = await createGroup(alice, [alice, bob], 'short of memory');
  const path = `/api/rooms/${room.id}`;
  const updates = [];
  const talker = await connect(alice, { url: here, transports: 'websocket' });
  const listener = await connect(bob, { url: there, transports: 'websocket', prepare: (socket) => socket.on('room:updated', (update) => updates.push(update)) });
  const sent = [];
  for (let number = 1; number <= 30; number += 1) sent.push(await send(talker, { roomId: room.id, content: `number ${number}` }));
  const seqs = ({ messages }) => messages.map(({ seq }) => seq);

  doing('looking around a message');
  const middle = sent[14];
  const around = await rest(there, 'GET', `${path}/messages?limit=5&around=${middle.id}`, { token: bob.token });
  check(seqs(around).join() === [-2, -1, 0, 1, 2].map((step) => middle.seq + step).join(), () => `around ${middle.seq} there is ${quote(seqs(around))}`);
  const earlier = await rest(there, 'GET', `${path}/messages?limit=2&before=${around.previousCursor}`, { token: bob.token });
  const later = await rest(there, 'GET', `${path}/messages?limit=2&after=${around.nextCursor}`, { token: bob.token });
  check(seqs(earlier).at(-1) === middle.seq - 3 && seqs(later)[0] === middle.seq + 3, () => `before that is ${seqs(earlier)}, after it ${seqs(later)}`);
  const both = await request(there, 'GET', `${path}/messages?after=1&around=2`, { token: bob.token });
  check(both.status === 400, () => `two cursors at once were answered ${quote(both)}`);

  doing('keeping ten');
  for (const [user, status] of [[bob, 403], [eve, 404]]) {
    const refused = await request(there, 'PATCH', path, { token: user.token, body: { retention: { messages: 1 } } });
    check(refused.status === status, () => `${user.username}'s wish was answered ${quote(refused)}`);
  }
  const wrong = await ask(talker, 'room:update', { roomId: room.id, retention: { days: -1 } });
  check(wrong.error?.code === 'RETENTION_INVALID', () => `minus one day was answered ${quote(wrong)}`);
  const kept = await ask(talker, 'room:update', { roomId: room.id, retention: { messages: 10 } });
  check(kept.ok && kept.room.retention.messages === 10 && kept.room.retention.days === 0, () => `the owner's wish was answered ${quote(kept)}`);
  await until(() => updates.some(({ retention }) => retention?.messages === 10), 'Bob to hear of it');
  const { lastSeq } = kept.room;
  await until(async () => (await history(bob, room.id)).length === 10, 'the rest to be gone');

  doing('reading what is left');
  const seen = await rest(there, 'GET', path, { token: bob.token });
  check(seen.firstSeq === lastSeq - 9 && seen.lastSeq === lastSeq && seen.unread === 10, () => `Bob sees ${quote(seen)}`);
  const first = await rest(here, 'GET', `${path}/messages?after=0&limit=3`, { token: bob.token });
  check(seqs(first)[0] === seen.firstSeq && first.hasMore, () => `history begins with ${quote(seqs(first))}`);
  const oldest = await rest(here, 'GET', `${path}/messages?before=${seen.firstSeq + 2}&limit=50`, { token: bob.token });
  check(seqs(oldest).length === 2 && !oldest.hasMore && oldest.nextCursor === null, () => `the oldest page is ${quote(oldest)}`);
  const gone = await request(here, 'GET', `/api/messages/${sent[0].id}`, { token: bob.token });
  check(gone.status === 404, () => `the first message was answered ${quote(gone)}`);

  doing('coming back from before');
  // One who was away since then is told to begin anew, by the handshake and by room:sync alike.
  const synced = await ask(listener, 'room:sync', { cursors: { [room.id]: 3 } });
  check(synced.rooms[room.id].resync === true && synced.rooms[room.id].changes.length === 0, () => `room:sync was answered ${quote(synced)}`);
  const back = socketOf(here, { token: bob.token, cursors: { [room.id]: 3 } });
  back.on('ready', ({ rooms }) => { back.rooms = rooms; });
  back.connect();
  await until(() => back.rooms, 'Bob to be back');
  const known = back.rooms.find(({ id }) => id === room.id);
  check(known.resync === true && known.firstSeq === seen.firstSeq, () => `Bob came back to ${quote(known)}`);
  // And one who was away for less takes up where he was.
  const since = await ask(listener, 'room:sync', { cursors: { [room.id]: seen.headRev - 2 } });
  check(!since.rooms[room.id].resync && since.rooms[room.id].changes.length === 2, () => `room:sync was answered ${quote(since)}`);
  [talker, listener, back].forEach((socket) => socket.disconnect());
  return { kept: seqs(await rest(here, 'GET', `${path}/messages`, { token: alice.token })) };
});
