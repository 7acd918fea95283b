// Seed 004: its goals, its key endpoints, its socket events and its test recipes, each line, with a small client.
//
//   node native/checklist.mjs --url http://127.0.0.1:8080 [--prefix ""]
//
// The document's own checklist is of things to build; this one is derived from what it says that they do.
// `--url` may be a list. What it says of limits is in limits.mjs, and of its documents in docs.mjs.

import { nobody, person, refusal } from '../lib/dialect.mjs';
import { forgeries } from '../lib/jwt.mjs';
import { ask as rest, requestKnown } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { either, flag, id, list, nothing, same, shaped, text, time, words } from '../lib/shape.mjs';
import { ask, askKnown } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';
import { ChatClient } from './client.mjs';

const MESSAGE = { id, roomId: id, from: id, content: text, type: text, createdAt: time, seq: Number.isInteger };

await scenario({ url: undefined, prefix: '', deadline: 120 }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)].map((one) => one + prefix);
  const alice = await accounts(here, there);
  const [bob, carol] = [new ChatClient('bob', there), new ChatClient('carol', here)];
  for (const one of [bob, carol]) await one.signup(formOf(person(one.name)));
  await handshake(alice, url[0], here);
  await pairs(alice, bob);
  await rooms(alice, bob, carol);
  await presence(alice, bob, carol, there);
  await pages(alice, bob);
});

function formOf({ userName, email, password }) {
  return { username: userName, email, password };
}

async function accounts(here, there) {
  doing('POST /api/auth/signup — {username, email, password}');
  const form = formOf(person('alice'));
  const alice = new ChatClient('alice', here);
  shaped(await alice.signup(form), { status: 201, body: { user: { id, username: form.username, email: form.email, passwordHash: nothing }, accessToken: words, refreshToken: words } }, 'signup');
  check((await new ChatClient('twin', there).signup(form)).status === 409, 'the same username twice');

  doing('POST /api/auth/login — {email, password} -> {accessToken, refreshToken}');
  const again = new ChatClient('alice', there);
  const { email, password } = form;
  shaped(await again.login({ email, password }), { status: 200, body: { accessToken: words, refreshToken: words } }, 'login');
  check((await again.login({ email, password: 'not this one' })).status === 401, 'a wrong password');

  doing('POST /api/auth/refresh — {refreshToken} -> new accessToken');
  shaped(await again.refresh(), { status: 200, body: { accessToken: words } }, 'refresh');

  doing('GET /api/users/:id — get user profile');
  shaped(await again.api('GET', `/users/${alice.id}`), { status: 200, body: { id: alice.id, username: form.username, displayName: either(null, text), avatarUrl: either(null, text) } }, 'a profile');
  check((await again.api('GET', `/users/${nobody()}`)).status === 404, 'the profile of nobody');
  check((await new ChatClient('nobody', here).api('GET', `/users/${alice.id}`)).status === 401, 'a profile without a token');
  return alice;
}

async function handshake(alice, url, server) {
  doing('Authentication: reads the token (via `auth`, query param or Authorization header) and validates it');
  for (const options of [{ auth: { token: alice.accessToken } }, { query: { token: alice.accessToken } }, { extraHeaders: { authorization: `Bearer ${alice.accessToken}` } }]) {
    const client = new ChatClient('alice', server);
    (await client.connect(options)).disconnect();
  }

  doing("return next(new Error('Authentication error'))");
  const jwks = await rest(url, 'GET', '/.well-known/jwks.json');
  for (const [what, token] of Object.entries({ 'no token': undefined, ...forgeries(alice.accessToken, jwks) })) {
    same(await refusal(server, { auth: { token } }), 'Authentication error', `the refusal of ${what}`);
  }
}

async function pairs(alice, bob) {
  doing('A sends message to B and B receives');
  await Promise.all([alice.connect(), bob.connect()]);
  const answer = await alice.send({ toUserId: bob.id, content: 'hello', clientMessageId: 'one' });
  shaped(answer, { ok: true, message: { ...MESSAGE, from: alice.id, content: 'hello', clientMessageId: 'one' } }, 'the ack');
  shaped(await bob.heard.once('message:receive'), { ...MESSAGE, id: answer.message.id, content: 'hello' }, 'message:receive');
  await alice.heard.once('message:receive');

  doing('Persist message first, then emit. Include a serverMessageId so clients can reconcile');
  const { roomId } = answer.message;
  shaped(await bob.api('GET', `/rooms/${roomId}/messages?limit=50`), { status: 200, body: { messages: [{ ...MESSAGE, id: answer.message.id, content: 'hello' }] } }, 'the history');
  const repeated = await alice.send({ toUserId: bob.id, content: 'hello', clientMessageId: 'one' });
  same(repeated.message.id, answer.message.id, 'a repeat');
}

async function rooms(alice, bob, carol) {
  doing('Socket connections for realtime messaging (1:1 and rooms)');
  await carol.connect();
  const { status, body: room } = await alice.api('POST', '/rooms', { name: 'friends', isGroup: true, memberIds: [bob.id, carol.id] });
  shaped({ status, room }, { status: 201, room: { id, name: 'friends', isGroup: true } }, 'a room');
  const inRoom = (message) => message.roomId === room.id && message.type === 'text';
  // Who had just connected may have it in `ready` already: in one of the two, once.
  const learned = ({ heard }) => [...heard.of('ready').flatMap((told) => told.rooms), ...heard.of('room:created')].filter((one) => one.id === room.id).length;
  for (const one of [alice, bob, carol]) await until(() => learned(one) > 0, `${one.name} to learn of the room`);
  const { message } = await bob.send({ roomId: room.id, content: 'hello, all' });
  for (const one of [alice, bob, carol]) same((await one.heard.once('message:receive', inRoom)).id, message.id, `what ${one.name} receives`);
  for (const one of [alice, bob, carol]) same(learned(one), 1, `how often ${one.name} learned of the room`);

  doing('typing — optional typing indicator, forwarded to other room members');
  bob.socket.emit('typing', { roomId: room.id, isTyping: true });
  for (const one of [alice, carol]) shaped(await one.heard.once('typing'), { roomId: room.id, userId: bob.id, isTyping: true }, 'typing');
  bob.heard.exactly(0, 'typing');

  doing('message:ack — client acknowledges delivery/read statuses');
  for (const state of ['delivered', 'read']) {
    shaped(await ask(carol.socket, 'message:ack', { roomId: room.id, messageId: message.id, status: state }), { ok: true }, 'message:ack');
    await bob.heard.once('message:status', (told) => told.userId === carol.id && told[`${state}Seq`] === message.seq && (state === 'read' || told.readSeq < message.seq));
  }

  doing('Validate message size, sanitize inputs');
  for (const wrong of [null, {}, { roomId: room.id }, { roomId: room.id, content: '' }, { roomId: room.id, content: 'x'.repeat(10_000) }, { roomId: nobody(), content: 'hello' }, { toUserId: nobody(), content: 'hello' }]) {
    shaped(await carol.send(wrong), { ok: false, error: { code: words, message: words } }, `sending ${quote(wrong)}`);
  }
}

async function presence(alice, bob, carol, there) {
  doing('Presence: open/close client sockets and verify presence events');
  const state = async () => (await requestKnown(bob.server, 'GET', `/api/users/${carol.id}/presence`, { token: bob.accessToken })).body;
  // Presence may hear of a socket a few seconds late.
  await until(async () => (await state()).online, 'Carol to be online');
  shaped(await askKnown(alice.socket, 'presence:watch', { userIds: [carol.id] }), { ok: true, presences: [{ userId: carol.id, online: true, lastSeen: nothing }] }, 'presence:watch');
  shaped(await state(), { online: true }, "Carol's presence");
  const second = Object.assign(new ChatClient('carol', there), { accessToken: carol.accessToken });
  await second.connect();
  carol.disconnect();
  second.disconnect();
  shaped(await alice.heard.once('presence', ({ online }) => !online), { userId: carol.id, online: false, lastSeen: time }, 'presence');
  // A gateway that knows her profile may say later when that was.
  shaped(await state(), { online: false, lastSeen: either(null, time) }, "Carol's presence");
  // That she had come may have been told when Alice watched already; never twice.
  const came = alice.heard.of('presence', ({ online }) => online).length;
  check(came <= 1, () => `that Carol had come was told ${came} times`);
  await carol.connect();
  await alice.heard.times(came + 1, 'presence', ({ online }) => online);
  alice.heard.exactly(1, 'presence', ({ online }) => !online);
}

async function pages(alice, bob) {
  doing('GET /api/rooms/:roomId/messages?limit=&before= — get messages (pagination)');
  const sent = [];
  for (let number = 0; number < 5; number += 1) sent.push((await alice.send({ toUserId: bob.id, content: `number ${number}` })).message);
  const [{ roomId }] = sent;
  const page = async (query) => shaped(await bob.api('GET', `/rooms/${roomId}/messages?${query}`), { status: 200, body: { messages: list(MESSAGE), hasMore: flag } }, 'a page').body;
  const ids = ({ messages }) => messages.map((one) => one.id);
  same(ids(await page('limit=2')), sent.slice(-2).map((one) => one.id), 'the newest, ascending');
  const before = await page(`limit=50&before=${encodeURIComponent(sent[3].createdAt)}`);
  check(before.messages.every(({ createdAt }) => createdAt < sent[3].createdAt) && before.messages.length >= 1, () => `before a time there are ${quote(before.messages)}`);
  same(ids(await page(`limit=2&before=${sent[3].id}`)), sent.slice(1, 3).map((one) => one.id), 'those before a message');
}
