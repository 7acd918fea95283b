// Seed 003: the validation checklists of its four days, each line, with the client that it describes.
//
//   node daylog/checklist.mjs --url http://127.0.0.1:8080 [--prefix ""]
//
// `--url` may be a list: then some are on the first and some on the last. The prefix is empty if it is the root dialect.

import { nobody, open, person, refusal } from '../lib/dialect.mjs';
import { forgeries } from '../lib/jwt.mjs';
import { ask as rest, request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { id, nothing, same, shaped, time, words } from '../lib/shape.mjs';
import { ask, upgraded } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';
import { connected, cookie, ears, history, member, MESSAGE, refreshed, refusedSend, reopened, tab, USER, visitor } from './people.mjs';

/** The names of all sockets that there were, which nobody may learn. */
const socketIds = new Set();

await scenario({ url: undefined, prefix: '/daylog', deadline: 170 }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)];
  const [alice, mallory] = await Promise.all([member('alice', here, prefix), member('mallory', there, prefix)]);
  let bob = await member('bob', there, prefix);
  bob = await dayOne(alice, bob, here, prefix);
  // They have spoken before, so each may see when the other one comes and goes.
  ears(alice).socket.emit('send_message', { receiverId: bob.id, content: 'first of all' });
  await ears(bob).once('new_message');
  bob = await dayTwo(alice, bob, here + prefix);
  bob = await dayThree(alice, bob, mallory, here + prefix);
  await dayFour(alice, bob, here, prefix);

  doing('- [x] No socket IDs exposed to client');
  const told = JSON.stringify([alice, bob, mallory].map(({ sockets }) => sockets.map(({ all }) => all)));
  check(socketIds.size > 5 && [...socketIds].every((one) => !told.includes(one)), 'a socket id was told');
  same(ears(mallory).all.map(({ event }) => event).filter((event) => event !== 'error'), ['online_users'], 'what Mallory, whom nobody knows, heard');
  same(ears(mallory).of('online_users')[0].filter((one) => one !== mallory.id), [], 'who is online for Mallory');
});

function note(...all) {
  all.forEach((socket) => [socket.id, socket.io.engine.id].forEach((one) => one && socketIds.add(one)));
}

async function dayOne(alice, bob, here, prefix) {
  const server = here + prefix;
  doing('- [x] Unauthorized socket connections are rejected');
  const refresh = cookie(bob);
  const jwks = await rest(here, 'GET', '/.well-known/jwks.json');
  const wrong = { 'no token': undefined, ...forgeries(bob.token, jwks), 'the refresh token': decodeURIComponent(refresh.value) };
  for (const [what, token] of Object.entries(wrong)) {
    check(words(await refusal(server, { auth: { token } })), `${what} is refused without a word`);
  }
  check(words(await refusal(server, { extraHeaders: { cookie: refresh.cookieString() } })), 'the cookie is refused without a word');

  doing('Refresh token remains in httpOnly cookie (used only for HTTP refresh flow)');
  check(refresh.httpOnly && refresh.sameSite && refresh.sameSite !== 'none', () => `the cookie is ${refresh}`);
  const { status } = await alice.page.fetch(`${prefix}/api/users`, { headers: { cookie: refresh.cookieString() } });
  check(status === 401, `the cookie alone was answered ${status}`);

  doing('- [x] Authorized users connect successfully');
  [alice, bob].forEach((one) => check(ears(one).socket.connected, `${one.name} is not connected`));

  doing('- [x] `socket.userId` is available server-side');
  const known = await open('Bob, who says he is Alice', server, { auth: { token: bob.token, userId: alice.id }, query: { userId: alice.id } });
  const dora = person('dora');
  const { body: { user } } = await request(server, 'POST', '/api/auth/register', { body: { username: dora.userName, email: dora.email, password: dora.password } });
  const answer = await ask(known, 'send_message', { receiverId: user._id, content: 'who is it?' });
  shaped(answer, { success: true, message: { sender: bob.id, receiver: user._id } }, 'a message of who says that he is Alice');
  note(known);

  doing('- [x] Multiple tabs create multiple sockets');
  const second = await tab("Bob's other tab", bob);
  check(new Set([known.id, second.id, ears(bob).socket.id]).size === 3, 'two tabs have one socket');
  [known, second].forEach((socket) => socket.disconnect());

  doing('- [x] Refresh creates a new socket ID');
  note(ears(bob).socket);
  const before = ears(bob).socket.id;
  let back = await refreshed(bob);
  await until(() => ears(back)?.socket.connected, 'Bob to come back');
  check(ears(back).socket.id !== before, 'the socket is the same after a refresh');

  doing('Token Rotation Handling: update socket.auth.token, force a clean disconnect and reconnect');
  const { socket } = ears(back);
  const old = { id: socket.id, token: back.app.auth.accessToken };
  // Two tokens of one second may be the same one.
  await until(async () => {
    await back.app.auth.refresh();
    return back.app.auth.accessToken !== old.token;
  }, 'another access token');
  await until(() => socket.connected && socket.id !== old.id, 'the socket to connect with it');
  check(ears(back).socket === socket, 'a second socket was made');

  doing('- [x] Sockets disconnect cleanly on logout and unmount');
  const stale = cookie(back).cookieString();
  const { status: out } = await back.app.auth.logout();
  check(out >= 200 && out < 300, `logging out was answered ${out}`);
  await until(() => socket.disconnected && !socket.active, 'the socket to be closed for good');
  await back.page.find('#signed-out');
  check(cookie(back) === undefined, 'logging out left the cookie');
  for (const headers of [{}, { cookie: stale }]) {
    const answer = await fetch(`${server}/api/auth/refresh`, { method: 'POST', headers });
    check(answer.status === 401, `refreshing after logging out was answered ${answer.status}`);
  }
  const wrongly = await back.app.auth.login({ email: bob.form.email, password: 'not this one' });
  check(wrongly.status >= 400 && wrongly.status < 500 && words(wrongly.body.message), () => `a wrong password was answered ${quote(wrongly)}`);
  const login = await back.app.auth.login({ email: bob.form.email, password: bob.form.password });
  shaped(login, { status: 200, body: { user: { ...USER, _id: bob.id }, accessToken: words, refreshToken: nothing } }, 'logging in');
  await connected(back);
  Object.assign(back, { token: login.body.accessToken });
  return back;
}

async function dayTwo(alice, bob, server) {
  const of = ({ userId }) => userId === bob.id;
  const shows = (online) => until(() => alice.page.all('#app')[0].dataset.online.split(' ').includes(bob.id) === online, `Alice's page to show Bob ${online ? 'online' : 'offline'}`);
  const watcher = ears(alice);

  doing('- [x] User remains online until last socket disconnects; Offline event emitted exactly once');
  const tabs = await Promise.all([tab("Bob's other tab", bob), tab('Bob elsewhere', bob, server)]);
  note(...tabs, ears(bob).socket);
  tabs[0].disconnect();
  bob.page.close();
  tabs[1].emit('send_message', { receiverId: alice.id, content: 'still here' });
  await watcher.once('new_message', ({ message }) => message.content === 'still here');
  watcher.exactly(0, 'user_offline', of);
  tabs[1].disconnect();
  same(await watcher.once('user_offline', of), { userId: bob.id }, 'user_offline');
  // When they got to know each other, Alice may have been told that he is online.
  const came = watcher.of('user_online', of).length;
  await shows(false);

  doing('- [x] User comes online only once (first socket); No duplicate online events for multiple tabs');
  const back = await reopened(bob);
  same((await watcher.times(came + 1, 'user_online', of)).at(-1), { userId: bob.id }, 'user_online');
  await shows(true);
  const more = await Promise.all([tab("Bob's other tab", back), tab('Bob elsewhere', back, server)]);
  for (const { heard } of more) {
    const [online] = await heard.times(1, 'online_users');
    check(Array.isArray(online) && online.every(id) && online.includes(alice.id), () => `online_users came with ${quote(online)}`);
  }

  doing('- [x] Refresh does not cause false offline');
  // What is being upgraded closes late, and Bob would not be away at all.
  await Promise.all([...more, ears(back).socket].map(upgraded));
  more.forEach((socket) => socket.disconnect());
  const again = await refreshed(back);
  await connected(again);
  ears(again).socket.emit('send_message', { receiverId: alice.id, content: 'refreshed' });
  await watcher.once('new_message', ({ message }) => message.content === 'refreshed');
  watcher.exactly(1, 'user_offline', of);
  watcher.exactly(came + 1, 'user_online', of);
  // The next edge comes after whatever the refresh would have caused.
  ears(again).socket.disconnect();
  await watcher.times(2, 'user_offline', of);
  watcher.exactly(came + 1, 'user_online', of);
  ears(again).socket.connect();
  await watcher.times(came + 2, 'user_online', of);
  watcher.exactly(2, 'user_offline', of);
  watcher.exactly(1, 'online_users');
  return again;
}

async function dayThree(alice, bob, mallory, server) {
  const elsewhere = await tab('Alice elsewhere', alice);
  const tabs = await Promise.all([tab("Bob's other tab", bob), tab('Bob elsewhere', bob, server)]);
  note(elsewhere, ...tabs);

  doing('- [x] Sender sees message instantly; Receiver sees message instantly when online');
  [[alice, bob], [bob, alice]].forEach(([one, other]) => one.app.open(other.id));
  await Promise.all([alice, bob].map(({ page }) => page.find('#chat')));
  await alice.page.type('#text', 'Hello');
  await alice.page.submit('#compose');
  for (const { page } of [alice, bob]) await until(() => page.all('li').filter(({ textContent }) => textContent === 'Hello').length === 1, 'the message to be shown once');

  doing('- [x] Multi-tab delivery works correctly; Multi-device connections work correctly; one echo to each of the sender');
  const hello = ({ message }) => message.content === 'Hello';
  for (const heard of [ears(alice), elsewhere.heard, ears(bob), ...tabs.map((one) => one.heard)]) {
    shaped(await heard.once('new_message', hello), { message: { ...MESSAGE, sender: alice.id, receiver: bob.id, isRead: false, readAt: null } }, 'new_message');
  }

  doing('- [x] No sender identity accepted from client');
  ears(alice).socket.emit('send_message', { receiverId: bob.id, content: 'who is it?', senderId: mallory.id, sender: mallory.id, userId: mallory.id });
  const { message } = await ears(bob).once('new_message', ({ message: one }) => one.content === 'who is it?');
  same([message.sender, message.receiver], [alice.id, bob.id], 'sender and receiver');

  doing('Validate incoming message payloads');
  const unsendable = [{}, { content: '' }, { content: 7 }, { content: 'x'.repeat(10_000) }].map((content) => ({ receiverId: bob.id, ...content }));
  const nowhere = [{}, { receiverId: nobody() }, { receiverId: 'nonsense' }].map((receiver) => ({ content: 'to nobody', ...receiver }));
  for (const payload of [null, {}, ...unsendable, ...nowhere]) await refusedSend(elsewhere, payload);

  doing('- [x] Messages persist after refresh');
  const contents = (messages) => messages.map(({ content }) => content);
  const spoken = ['first of all', 'still here', 'refreshed', 'Hello', 'who is it?'];
  same(contents(await history(alice, bob)), spoken, 'the history');
  const back = await refreshed(bob);
  await connected(back);
  back.app.open(alice.id);
  await back.page.find('#chat');
  await until(() => back.page.all('li').length === spoken.length, 'the page to show them all');
  same(back.page.all('li').map(({ textContent }) => textContent), spoken, 'what the page shows');
  same(await history(mallory, bob).catch(() => []), [], 'what Mallory has with Bob');

  doing('- [x] Offline receiver gets messages via fetch');
  [...tabs, ears(back).socket].forEach((socket) => socket.disconnect());
  await ears(alice).times(3, 'user_offline', ({ userId }) => userId === bob.id);
  ears(alice).socket.emit('send_message', { receiverId: bob.id, content: 'read this later' });
  await ears(alice).once('new_message', ({ message: one }) => one.content === 'read this later');
  const late = await refreshed(back);
  await connected(late);
  same(contents(await history(late, alice)).at(-1), 'read this later', 'the newest message');
  ears(late).exactly(0, 'new_message');
  elsewhere.disconnect();
  return late;
}

async function dayFour(alice, bob, here, prefix) {
  const [alices, bobs, bobsToo] = await Promise.all([tab('Alice elsewhere', alice), tab("Bob's other tab", bob), tab('Bob elsewhere', bob, here + prefix)]);
  note(alices, bobs, bobsToo);

  doing('- [x] Read receipts trigger only on chat open');
  ears(alice).socket.emit('send_message', { receiverId: bob.id, content: 'have you seen it?' });
  await ears(bob).once('new_message', ({ message }) => message.content === 'have you seen it?');
  // Online is not reading, and fetching is not either.
  const unread = (await history(bob, alice)).slice(-2);
  check(unread.every(({ isRead, readAt }) => !isRead && readAt === null), () => `what nobody has opened is ${quote(unread)}`);
  const shown = await until(() => alice.page.all('li').find(({ textContent }) => textContent === 'have you seen it?'), "Alice's page to show it");
  check(shown.dataset.read === 'false', 'the page shows it as read');
  const mine = ({ readerId, senderId }) => readerId === bob.id && senderId === alice.id;
  const receipts = ears(alice).of('messages_read', mine).length;

  doing('- [x] Sender sees read update in real time');
  bob.app.open(alice.id);
  shaped((await ears(alice).times(receipts + 1, 'messages_read', mine)).at(-1), { readerId: bob.id, senderId: alice.id, readAt: time }, 'messages_read');
  await until(() => alice.page.all('li.mine').every(({ dataset }) => dataset.read === 'true'), 'the page to show all as read');

  doing('- [x] Multi-tab behavior is correct');
  for (const socket of [alices, bobs, bobsToo]) await socket.heard.once('messages_read', mine);
  // Nothing is unread, so there is nothing to tell.
  bobsToo.emit('mark_as_read', { senderId: alice.id });
  for (const nonsense of [null, {}, { senderId: 'nonsense' }, { senderId: nobody() }]) bobsToo.emit('mark_as_read', nonsense);
  bobsToo.emit('send_message', { receiverId: alice.id, content: 'I have' });
  await alices.heard.once('new_message', ({ message }) => message.content === 'I have');
  alices.heard.exactly(1, 'messages_read', mine);

  doing('- [x] Read state persists after refresh');
  for (const one of [alice, bob]) {
    const all = (await history(one, { id: one === alice ? bob.id : alice.id })).filter(({ sender }) => sender === alice.id);
    check(all.every(({ isRead, readAt }) => isRead && time(readAt)), () => `after reading, the history is ${quote(all)}`);
  }

  doing('- [x] Typing indicator is smooth and flicker-free');
  await bob.page.find('#chat');
  const spells = (heard) => heard.all.map(({ event }) => event).filter((event) => /^user_(stop_)?typing$/.test(event));
  const before = spells(ears(bob)).length;
  for (const text of ['H', 'He', 'Hel', 'Hell']) await alice.page.type('#text', text);
  await until(() => bob.page.all('#typing')[0].textContent === 'typing…', 'Bob to see it');
  await until(() => bob.page.all('#typing')[0].textContent === '', 'it to end after a pause');
  same(spells(ears(bob)).slice(before), ['user_typing', 'user_stop_typing'], 'one spell');
  shaped(ears(bob).of('user_typing').at(-1), { userId: alice.id }, 'user_typing');
  shaped(ears(bob).of('user_stop_typing').at(-1), { userId: alice.id }, 'user_stop_typing');

  doing('- [x] No typing spam in network tab');
  for (let times = 0; times < 20; times += 1) alices.emit('typing_start', { receiverId: bob.id });
  for (let times = 0; times < 5; times += 1) alices.emit('typing_stop', { receiverId: bob.id });
  for (const nonsense of [null, {}, { receiverId: 'nonsense' }, { receiverId: nobody() }]) alices.emit('typing_start', nonsense);
  await until(() => [bobs, bobsToo].every(({ heard }) => spells(heard).length >= 4), () => `Bob to hear of two spells, he heard ${quote(spells(bobs.heard))}`);
  alices.emit('send_message', { receiverId: bob.id, content: 'done' });
  for (const { heard } of [bobs, bobsToo]) await heard.once('new_message', ({ message }) => message.content === 'done');
  for (const { heard } of [bobs, bobsToo]) same(spells(heard), ['user_typing', 'user_stop_typing', 'user_typing', 'user_stop_typing'], 'two spells');
  same(spells(alices.heard), [], "what the typist's own socket hears");

  doing('/api/users');
  const { body } = await alice.app.api('GET', '/users');
  const users = body.users ?? body;
  check(users.some(({ _id, username }) => _id === bob.id && username === bob.form.username), () => `the users are ${quote(users)}`);
  const nameless = await visitor('nobody', here, prefix);
  const { status } = await nameless.app.api('GET', '/users');
  check(status === 401, `who has not logged in was answered ${status}`);
}
