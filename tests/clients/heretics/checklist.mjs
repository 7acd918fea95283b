// Seed 002, line by line, with the client of its "Client Implementation Guide".
//
//   node heretics/checklist.mjs --url http://127.0.0.1:8080 --issuer http://127.0.0.1:9000 [--prefix ""] [--audience confab-tests]
//
// The document has no checklist. This one is derived from what it states: "Connection Flow", "Event Reference",
// "Emission Patterns", "Error Handling", "Security Considerations". `--url` may be a list.
// Without `--issuer` one is started, on `--issuer-port`; the gateways have to know it.

import { nobody } from '../lib/dialect.mjs';
import { request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { nothing, same, shaped, time, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { arrive, chatWith, history, introduced, issuers, MESSAGE, OPTIONS, person, USER } from './people.mjs';

await scenario({ ...OPTIONS, deadline: 150 }, async (args) => {
  const { prefix, audience } = args;
  const [here, there] = [args.url[0], args.url.at(-1)].map((one) => one + prefix);
  const [issuer] = await issuers(args);
  doing('signing in at the issuer');
  const people = ['alice', 'bob', 'mallory'].map((name, at) => person(name, { issuer, audience, server: at % 2 ? there : here, claims: { name, email: `${name}@example.org`, picture: `https://example.org/${name}.png` } }));
  const [alice, bob, mallory] = await introduced(people);
  const stranger = await arrive(mallory);
  const chat = await presence(alice, bob, here, there);
  await chats({ ...chat, alice, bob, mallory: stranger });
  await messages({ ...chat, alice, bob, mallory: stranger });
  await typing({ ...chat, alice, bob, mallory: stranger });
  await errors({ ...chat, mallory: stranger });
  await disconnecting({ ...chat, bob });

  doing('No Direct Broadcasting: Messages only go to authorized participants');
  same(stranger.heard.all.map(({ event }) => event).filter((event) => !event.endsWith('error')), ['online-users'], 'what Mallory heard');
  check(!stranger.heard.of('online-users')[0].userIds.some((one) => [alice.id, bob.id].includes(one)), 'Mallory was told of strangers');

  doing('Socket ID Not Exposed: Internal socket IDs not shared with clients');
  const told = JSON.stringify([...chat.all, stranger].map(({ heard }) => heard.all));
  check(chat.socketIds.length === 2 * chat.all.length && chat.socketIds.every((one) => !told.includes(one)), 'a socket id was told');
  return { heard: chat.alices.heard.all.length };
});

async function presence(alice, bob, here, there) {
  doing('Connection Flow 1. New user receives list of currently online users');
  const early = await arrive(alice, here);
  shaped(early.heard.of('online-users')[0], { userIds: Array.isArray }, 'online-users');
  const { _id: chatId } = await chatWith(early, bob);
  const bobs = await arrive(bob, there);
  // If presence has heard of her late, so has he.
  await until(() => bobs.onlineUsers.has(alice.id), () => `Bob to be told of Alice, he was told that ${quote([...bobs.onlineUsers])} are online`);

  doing('3. Other users are notified of new connection');
  same(await early.heard.once('user-online', ({ userId }) => userId === bob.id), { userId: bob.id }, 'user-online');
  const [alices, bobsToo] = [await arrive(alice, there), await arrive(bob, here)];
  check(alices.onlineUsers.has(bob.id), 'a second socket of Alice is not told of Bob');
  const all = [early, alices, bobs, bobsToo];
  const socketIds = all.flatMap(({ socket }) => [socket.id, socket.io.engine.id]);
  return { chatId, early, alices, bobs, bobsToo, all, socketIds };
}

async function chats({ chatId, alice, bob, mallory, bobs, early }) {
  doing('REST: /api/auth/me, /api/users, /api/chats, /api/messages/chat/:id');
  const { body: known } = await early.api('GET', '/users');
  check(Array.isArray(known) && known.some(({ _id }) => _id === bob.id) && known.every(({ _id }) => _id !== alice.id), () => `the users are ${quote(known)}`);
  known.forEach((one) => shaped(one, USER, 'a user'));
  same((await chatWith(bobs, alice))._id, chatId, 'the chat from the other side');
  const { body: all } = await bobs.api('GET', '/chats');
  check(Array.isArray(all) && all.length === 1, () => `Bob's chats are ${quote(all)}`);
  shaped(all[0], { _id: chatId, lastMessage: nothing }, "Bob's chat");
  const others = all[0].participants ?? [all[0].participant];
  check(others.some(({ _id, name }) => _id === alice.id && name === 'alice'), () => `the participants are ${quote(others)}`);
  for (const [path, statuses] of [[`/messages/chat/${chatId}`, [403, 404]], [`/messages/chat/${nobody()}`, [404]], ['/messages/chat/nonsense', [400, 404]]]) {
    const { status, body } = await mallory.api('GET', path);
    check(statuses.includes(status) && body.message, () => `Mallory's ${path} was answered ${status} ${quote(body)}`);
  }
  for (const other of [nobody(), 'nonsense']) {
    const { status, body } = await early.api('POST', `/chats/with/${other}`);
    check([400, 404].includes(status) && body.message, () => `a chat with ${other} was answered ${status}`);
  }
  for (const path of ['/auth/me', '/users', '/chats', `/messages/chat/${chatId}`]) {
    for (const token of [undefined, 'garbage']) {
      const { status, body } = await request(early.server, 'GET', `/api${path}`, { token });
      check(status === 401 && words(body.message), () => `${path} with ${token} was answered ${status} ${quote(body)}`);
    }
  }
}

async function messages({ chatId, alice, bob, mallory, early, alices, bobs, all }) {
  doing('send-message: Server emits to chat room and to each participant, and each socket gets it once');
  early.enterChat(chatId);
  bobs.enterChat(chatId);
  mallory.enterChat(chatId);
  early.send(chatId, 'Hello!');
  for (const { heard } of all) {
    shaped(await heard.once('new-message'), { ...MESSAGE, chat: chatId, text: 'Hello!', sender: { _id: alice.id, name: 'alice', avatar: 'https://example.org/alice.png' } }, 'new-message');
  }
  const sent = early.messages[0];
  all.forEach((one) => same(one.messages[0]._id, sent._id, 'the message'));

  doing('join-chat and leave-chat: a plain string, or {chatId} as in the event table');
  early.leaveChat(chatId);
  bobs.socket.emit('leave-chat', { chatId });
  alices.socket.emit('join-chat', { chatId });
  for (const nonsense of [null, 7, {}, 'nonsense', nobody()]) early.socket.emit('join-chat', nonsense).emit('leave-chat', nonsense);
  bobs.socket.emit('send-message', { chatId, text: 'Hello to you!', sender: alice.id, userId: alice.id, senderId: alice.id });
  for (const { heard } of all) {
    const [, second] = await heard.times(2, 'new-message');
    shaped(second, { ...MESSAGE, sender: { _id: bob.id, name: 'bob' }, text: 'Hello to you!' }, 'new-message');
  }

  doing("Persists message to MongoDB, Updates chat's last message metadata");
  same((await history(early, chatId)).map(({ text: said, sender }) => [said, sender._id]), [['Hello!', alice.id], ['Hello to you!', bob.id]], 'the history');
  const { body: [chat] } = await early.api('GET', '/chats');
  shaped(chat, { lastMessage: { text: 'Hello to you!' }, lastMessageAt: time }, 'the chat');
}

async function typing({ chatId, alice, bob, mallory, early, alices, bobs, bobsToo }) {
  doing('typing: Emits to other users in the chat, once to each socket');
  bobs.enterChat(chatId);
  for (const isTyping of [true, false]) {
    early.socket.emit('typing', { chatId, isTyping, userId: bob.id });
    await until(() => [bobs, bobsToo].every(({ typing: now }) => now.has(chatId) === isTyping), 'Bob to see it');
  }
  mallory.setTyping(chatId, true);
  early.socket.emit('typing', null).emit('typing', { chatId: 'nonsense', isTyping: true }).emit('typing', { chatId: nobody(), isTyping: true });
  // On another device, for what is said within a second of the spell before may be left out.
  alices.setTyping(chatId, true);
  await until(() => [bobs, bobsToo].every(({ typing: now }) => now.has(chatId)), 'Bob to see it again');
  alices.setTyping(chatId, false);
  for (const { heard } of [bobs, bobsToo]) {
    const spells = await heard.times(4, 'typing');
    same(spells, [true, false, true, false].map((isTyping) => ({ userId: alice.id, chatId, isTyping })), 'typing');
  }
  early.heard.exactly(0, 'typing');
  alices.heard.exactly(0, 'typing');

  doing('Silent Failures: Non-critical features (like typing) fail silently');
  [early, mallory].forEach(({ heard }) => ['error', 'socket-error'].forEach((event) => heard.exactly(0, event)));
}

async function errors({ chatId, mallory, early, all }) {
  doing('socket-error: "Chat not found"; error: "Failed to send message"');
  for (const [at, unknown] of [chatId, nobody()].entries()) {
    mallory.send(unknown, 'let me in');
    same((await mallory.heard.times(at + 1, 'socket-error'))[at], { message: 'Chat not found' }, 'socket-error');
  }
  const failures = () => early.heard.of('error').length + early.heard.of('socket-error').length;
  const wrong = [{ chatId }, { chatId, text: '' }, { chatId, text: 7 }, { chatId, text: 'x'.repeat(10_000) }, null, 'text', {}, { chatId: 'nonsense', text: 'hello' }];
  for (const [at, payload] of wrong.entries()) {
    early.socket.emit('send-message', payload);
    await until(() => failures() > at, () => `an error for ${quote(payload)}`);
  }
  check(early.heard.of('error').length >= 4, () => `text that cannot be sent was answered ${quote(early.heard.of('socket-error'))}`);
  early.heard.of('error').forEach(({ message }) => same(message, 'Failed to send message', 'error'));
  early.heard.of('socket-error').forEach(({ message }) => same(message, 'Chat not found', 'socket-error'));
  early.send(chatId, 'after all that');
  for (const { heard } of all) shaped((await heard.times(3, 'new-message'))[2], { text: 'after all that' }, 'new-message');
}

async function disconnecting({ early, alices, bobs, bobsToo, bob }) {
  doing('Disconnect Handler: Broadcasts offline status, when the last socket has gone');
  bobs.disconnect();
  bobsToo.disconnect();
  for (const { heard } of [early, alices]) {
    same(await heard.once('user-offline', ({ userId }) => userId === bob.id), { userId: bob.id }, 'user-offline');
  }
  early.heard.exactly(1, 'user-online', ({ userId }) => userId === bob.id);
  alices.heard.exactly(0, 'user-online', ({ userId }) => userId === bob.id);
  [early, alices].forEach((one) => one.disconnect());
}
