// Who has received and read what, over Socket.IO and REST, seen on another gateway and on one's other devices.
//
//   node receipts.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask as rest, createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'eve')]);
  const room = await createGroup(alice, [bob], 'receipts');
  const heard = { alice: [], bob: [], bobToo: [] };
  const open = (name, user) => connect(user, { transports: 'websocket', prepare: (socket) => socket.on('message:status', (status) => heard[name].push(status)) });
  const [alices, bobs, bobsToo] = await Promise.all([open('alice', alice), open('bob', bob), open('bobToo', { ...bob, url: here })]);
  const messages = [];
  for (let number = 0; number < 3; number += 1) messages.push(await send(alices, { roomId: room.id, content: `${number}` }));
  const unread = async () => (await rest(there, 'GET', '/api/rooms', { token: bob.token }));
  const list = await unread();
  check(list.totalUnread === 3 && list.rooms[0].unread === 3, () => `Bob's rooms are ${quote(list)}`);

  doing('reading');
  const cursor = await ask(bobs, 'message:ack', { roomId: room.id, messageId: messages[1].id, status: 'read' });
  check(cursor.ok && cursor.readSeq === 2 && cursor.deliveredSeq === 2, () => `message:ack was answered ${quote(cursor)}`);
  for (const name of ['alice', 'bob', 'bobToo']) {
    await until(() => heard[name].some(({ userId, readSeq }) => userId === bob.id && readSeq === 2), `${name} to hear how far Bob has read`);
  }
  check((await unread()).totalUnread === 1, 'one message is left to read');
  const again = await rest(there, 'POST', `/api/rooms/${room.id}/receipts`, { token: bob.token, body: { seq: 1, status: 'read' } });
  check(again.readSeq === 2, () => `going back was answered ${quote(again)}`);
  await rest(there, 'POST', `/api/rooms/${room.id}/receipts`, { token: bob.token, body: { seq: 3, status: 'delivered' } });
  await until(() => heard.alice.some(({ deliveredSeq, readSeq }) => deliveredSeq === 3 && readSeq === 2), 'Alice to hear what Bob has received');

  doing('asking who has read');
  const readers = await rest(here, 'GET', `/api/messages/${messages[0].id}/readers`, { token: alice.token });
  check(readers.readers.length === 1 && readers.readers[0].userId === bob.id && readers.readers[0].readAt, () => `the readers are ${quote(readers)}`);
  const last = await ask(alices, 'message:readers', { messageId: messages[2].id });
  check(last.ok && last.readers[0].deliveredAt && last.readers[0].readAt === null, () => `the readers of the last one are ${quote(last)}`);

  doing('prying');
  const eves = await connect(eve, { transports: 'websocket' });
  const answers = [
    await ask(eves, 'message:ack', { roomId: room.id, seq: 3, status: 'read' }),
    await ask(eves, 'message:readers', { messageId: messages[0].id }),
  ];
  check(answers.every(({ ok, error }) => !ok && error.code.endsWith('_NOT_FOUND')), () => `Eve was answered ${quote(answers)}`);
  for (const [method, path, body] of [['POST', `/api/rooms/${room.id}/receipts`, { seq: 3, status: 'read' }], ['GET', `/api/messages/${messages[0].id}/readers`]]) {
    const answer = await request(here, method, path, { token: eve.token, body });
    check(answer.status === 404, () => `Eve's ${method} ${path} was answered ${quote(answer)}`);
  }
  [alices, bobs, bobsToo, eves].forEach((socket) => socket.disconnect());
});
