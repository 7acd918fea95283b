// Seed 001, line by line, with the client that it describes.
//
//   node chatspace/checklist.mjs --url http://127.0.0.1:8080 [--prefix ""]
//
// The document has no checklist. This one is derived from what it states: "Connection Lifecycle", "Complete Message
// Flow", "Event Types", "Security Measures", and the refusals in its code. `--url` may be a list.

import { nobody, open, refusal } from '../lib/dialect.mjs';
import { forgeries } from '../lib/jwt.mjs';
import { ask as rest, request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { id, list, nothing, same, shaped, text } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { api, connected, ears, lists, logIn, member, MESSAGE, refused, sees, send, tab, USER, visitor } from './people.mjs';

await scenario({ url: undefined, prefix: '/chatspace', deadline: 150 }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)];
  const alice = await logins(here, there, prefix);
  const [bob, eve, mallory] = await Promise.all(['bob', 'eve', 'mallory'].map((name) => member(name, there, prefix)));
  await authentication(alice, bob, here, prefix);
  await flow(alice, bob, there + prefix);
  await seen(alice, bob, eve);
  await offline(alice, bob, there, prefix);
  await lifecycle(alice, bob, there + prefix);
  await refusals(alice, bob);

  doing('Targeted Messaging: point-to-point delivery instead of broadcasting');
  ears(eve).exactly(0, 'newMessage');
  check(ears(mallory).all.every(({ event }) => event === 'getOnlineUsers'), () => `Mallory was told ${quote(ears(mallory).all)}`);
  same(lists(ears(mallory)), [[mallory.id]], 'what Mallory, whom nobody knows, was told');
  return { heard: ears(alice).all.length };
});

async function logins(here, there, prefix) {
  doing('1. User Login → JWT token generated and stored');
  const alice = await member('alice', here, prefix, 'Alex Example');
  check(alice.token.split('.').length === 3, 'the token is no JWT');
  shaped(alice.user, { ...USER, fullName: 'Alex Example', email: alice.form.email, password: nothing }, 'the user');
  // Names are no keys.
  const namesake = await member('namesake', there, prefix, 'Alex Example');
  check(namesake.id !== alice.id, 'two people are one');

  const again = visitor('alice', there, prefix);
  const { fullName, ...credentials } = alice.form;
  const wrong = await logIn(again, { ...credentials, password: 'not this one' });
  check(wrong.success === false && wrong.message && again.toasts.includes('Login failed'), () => `a wrong password was answered ${quote(wrong)}`);
  check(again.sockets.length === 0, 'a wrong password opened a socket');
  const { success, user } = await logIn(again, credentials);
  check(success && user._id === alice.id && user.fullName === fullName, () => `logging in was answered ${quote(user)}`);
  await connected(again);
  again.page.close();

  doing('the answers of signup and login');
  const server = here + prefix;
  const form = { fullName: 'Another One', email: `another-${nobody()}@example.org`, password: alice.form.password };
  const signedUp = await request(server, 'POST', '/api/auth/signup', { body: form });
  shaped(signedUp, { status: 201, body: { success: true, userData: { ...USER, email: form.email }, token: text, message: text } }, 'signup');
  const loggedIn = await request(server, 'POST', '/api/auth/login', { body: form });
  shaped(loggedIn, { status: 200, body: { success: true, userData: { _id: signedUp.body.userData._id }, token: text, message: text } }, 'login');
  await refused('the same address again', request(server, 'POST', '/api/auth/signup', { body: form }), 400, 409);
  await refused('signing up without a password', request(server, 'POST', '/api/auth/signup', { body: { ...form, password: undefined } }), 400);
  await refused('somebody unknown', request(server, 'POST', '/api/auth/login', { body: { ...form, email: `${nobody()}@example.org` } }), 400, 401, 404);
  return alice;
}

async function authentication(alice, bob, here, prefix) {
  doing('2. Socket Connection → Token sent to server for authentication; 3. Server validates token and user');
  const server = here + prefix;
  for (const options of [undefined, { auth: {} }, { auth: { token: '' } }, { query: { userId: alice.id } }]) {
    same(await refusal(server, options), 'Authentication error: No token provided', `the refusal of ${quote(options)}`);
  }
  const jwks = await rest(here, 'GET', '/.well-known/jwks.json');
  for (const [what, token] of Object.entries(forgeries(alice.token, jwks)).filter(([, one]) => one !== '')) {
    same(await refusal(server, { auth: { token } }), 'Authentication error: Invalid token', `the refusal of ${what}`);
  }
  same(await refusal(server, { query: { token: 'garbage' } }), 'Authentication error: Invalid token', 'the refusal of a query');

  doing('4. User Mapping: identity from the token alone, in auth or in the query');
  const first = (socket) => socket.heard.of('getOnlineUsers')[0];
  for (const options of [{ auth: { token: bob.token }, query: { userId: alice.id } }, { query: { token: bob.token, userId: alice.id } }]) {
    const socket = await open('Bob, who says he is Alice', server, options);
    await until(() => first(socket), 'the first list');
    check(first(socket).includes(bob.id) && !first(socket).includes(alice.id), () => `Bob, who says he is Alice, was told ${quote(first(socket))}`);
    socket.disconnect();
  }

  doing('Token Refresh: Automatic logout on authentication failures');
  // Its storage has lost the token that it got: what `io` is given is another one.
  const stale = visitor('stale', here, prefix, { getItem: () => 'garbage', setItem: () => {}, removeItem: () => {} });
  const { email, password } = alice.form;
  await logIn(stale, { email, password });
  await until(() => stale.toasts.includes('Logged out successfully'), 'the page to log out');
  await stale.page.find('#login');
  check(!stale.sockets[0].socket.active, 'the socket goes on trying');
  stale.page.close();
}

async function flow(alice, bob, server) {
  doing('1. User Sends Message → HTTP POST to /api/messages/send/:userId; 2. Server Processes → Validates, saves to database');
  const tabs = await Promise.all([tab("Bob's other tab", bob), tab('Bob elsewhere', bob, server), tab("Alice's other tab", alice)]);
  const first = await send(alice, bob, 'hello');

  doing("3. Socket Emission → Server emits to receiver's socket if online; 4. Client receives \"newMessage\" event");
  for (const heard of [ears(bob), tabs[0].heard, tabs[1].heard]) {
    shaped(await heard.once('newMessage'), { ...MESSAGE, _id: first._id, senderId: alice.id, receiverId: bob.id, text: 'hello', image: '' }, 'newMessage');
  }

  doing('5. Online Broadcast: who share a room see each other, each change once');
  await Promise.all([sees(ears(alice), bob, true), sees(ears(bob), alice, true)]);
  await alice.page.find(`#user-${bob.id}`);
  await until(() => alice.page.text().includes('bob Example Online'), 'the page to show Bob online');
  check(lists(ears(alice)).at(-1).includes(alice.id), 'Alice is not in her own list');

  doing('5. UI Update → Message appears in chat interface; Background Messages increment unseen counters');
  await until(() => /Alex Example Online \(\d\)/.test(bob.page.text()), () => `Bob's page to count an unseen message, it shows ${bob.page.text()}`);
  await bob.page.click(`#user-${alice.id}`);
  await bob.page.find(`li[data-id="${first._id}"]`);
  await alice.page.click(`#user-${bob.id}`);
  await alice.page.find('#chat');
  await alice.page.type('#text', 'are you there?');
  await alice.page.submit('#compose');
  await until(() => bob.page.text().includes('are you there?'), 'the message to appear');
  const [, second] = await ears(bob).times(2, 'newMessage');
  await alice.page.find(`li[data-id="${second._id}"].mine`);
  // To the sender nothing comes but the answer; a message back shows that nothing did.
  await send(bob, alice, 'yes');
  for (const heard of [ears(alice), tabs[2].heard]) shaped(await heard.once('newMessage'), { text: 'yes', senderId: bob.id }, 'newMessage');
  for (const heard of [ears(bob), tabs[0].heard, tabs[1].heard]) await heard.times(2, 'newMessage');
  tabs.forEach((socket) => socket.disconnect());
}

async function seen(alice, bob, eve) {
  doing('6. Seen Status → Auto-marked as seen if chat is active');
  const conversation = async (one, other) => {
    const { status, body } = await api(one, 'GET', `/messages/${other.id}`);
    check(status === 200, `the messages were answered ${status}`);
    return shaped(body, { success: true, messages: list(MESSAGE) }, 'the messages').messages;
  };
  const said = ({ messages: some }) => some.map(({ text: one }) => one);
  await until(async () => (await conversation(alice, bob)).filter(({ senderId }) => senderId === alice.id).every((one) => one.seen), 'what Bob has open to be seen');
  same(said({ messages: await conversation(bob, alice) }), ['hello', 'are you there?', 'yes'], 'the conversation');
  same((await conversation(bob, alice)).map(({ _id }) => _id), (await conversation(alice, bob)).map(({ _id }) => _id), 'the conversation from the other side');

  doing('PUT /api/messages/seen/:id: the receiver alone');
  const { _id } = await send(eve, alice, 'hello from me');
  await ears(alice).once('newMessage', (one) => one._id === _id);
  const users = shaped((await api(alice, 'GET', '/messages/users')).body, { success: true, users: list(USER) }, 'the users');
  const unseen = users.unseenMessages ?? users.unseenMsgs;
  same(unseen[eve.id], 1, 'what Alice has not seen');
  check(users.users.some((one) => one._id === bob.id) && users.users.every((one) => one._id !== alice.id), () => `the users are ${quote(users)}`);
  await refused('seeing for another', api(bob, 'PUT', `/messages/seen/${_id}`), 403, 404);
  await refused('the sender seeing it', api(eve, 'PUT', `/messages/seen/${_id}`), 403, 404);
  await refused('seeing nothing', api(alice, 'PUT', `/messages/seen/${nobody()}`), 404);
  shaped(await api(alice, 'PUT', `/messages/seen/${_id}`), { status: 200, body: { success: true } }, 'seeing');
  same((await conversation(eve, alice)).map((one) => one.seen), [true], 'what was seen');
  const left = (await api(alice, 'GET', '/messages/users')).body;
  check(!(left.unseenMessages ?? left.unseenMsgs)[eve.id], 'seen, and still counted');
}

async function offline(alice, bob, there, prefix) {
  doing('Offline Handling: Message persistence for offline users');
  bob.page.close();
  ears(bob).socket.disconnect();
  await sees(ears(alice), bob, false);
  await until(() => alice.page.text().includes('bob Example Offline'), 'the page to show Bob offline');
  const { _id } = await send(alice, bob, 'read this later');
  const back = visitor('bob', there, prefix);
  const { email, password } = bob.form;
  await logIn(back, { email, password });
  await connected(back);
  await sees(ears(alice), bob, true);
  await until(() => back.page.text().includes('Alex Example Online (1)'), () => `the unseen message to be counted, the page shows ${back.page.text()}`);
  await back.page.click(`#user-${alice.id}`);
  await back.page.find(`li[data-id="${_id}"]`);
  ears(back).exactly(0, 'newMessage');
  Object.assign(bob, back, { token: back.page.localStorage.getItem('token') });
}

async function lifecycle(alice, bob, server) {
  doing('6. Message Subscription, 7. User Logout → Socket disconnects; a user is online while one socket is');
  const before = lists(ears(alice)).length;
  const tabs = await Promise.all([tab("Bob's other tab", bob), tab('Bob elsewhere', bob, server)]);
  for (const { heard } of tabs) await sees(heard, alice, true);
  tabs[0].disconnect();
  ears(bob).socket.disconnect();
  bob.page.close();
  await send(alice, bob, 'are you still there?');
  await tabs[1].heard.once('newMessage');
  check(lists(ears(alice)).length === before, () => `a tab more or less was told: ${quote(lists(ears(alice)).slice(before))}`);
  tabs[1].disconnect();
  await sees(ears(alice), bob, false);
  check(lists(ears(alice)).length === before + 1, () => `going offline was told as ${quote(lists(ears(alice)).slice(before))}`);
}

async function refusals(alice, bob) {
  doing('Validates message content: "Either text or image is required"');
  for (const body of [{}, { text: '' }, { image: '' }]) {
    const { message } = await refused(`sending ${quote(body)}`, api(alice, 'POST', `/messages/send/${bob.id}`, body), 400);
    same(message, 'Either text or image is required', 'the refusal');
  }
  await refused('a message to nobody', api(alice, 'POST', `/messages/send/${nobody()}`, { text: 'hello' }), 404);
  await refused('a message to nonsense', api(alice, 'POST', '/messages/send/nonsense', { text: 'hello' }), 400, 404);
  await refused('a huge message', api(alice, 'POST', `/messages/send/${bob.id}`, { text: 'x'.repeat(200_000) }), 400, 413);

  doing('JWT Authentication: every route requires a valid token');
  for (const [method, path] of [['GET', '/messages/users'], ['GET', `/messages/${bob.id}`], ['POST', `/messages/send/${bob.id}`], ['PUT', `/messages/seen/${nobody()}`]]) {
    for (const token of [undefined, 'garbage']) {
      const body = method === 'POST' ? { text: 'hello' } : undefined;
      await refused(`${method} ${path} with ${token}`, request(alice.server, method, `/api${path}`, { token, body }), 401);
    }
  }

  doing('identity from the token alone');
  const forged = await api(alice, 'POST', `/messages/send/${bob.id}`, { text: 'who is it?', senderId: bob.id, receiverId: alice.id, _id: nobody() });
  shaped(forged, { status: 201, body: { newMessage: { _id: id, senderId: alice.id, receiverId: bob.id } } }, 'a message with a sender of its own choice');
}
