// Seed 000, section 8: its testing checklist and its multi-tab test, each line, with the client that the seed describes.
//
//   node social/checklist.mjs --url http://127.0.0.1:8080 [--prefix ""]
//
// `--url` may be a list: then some are on the first and some on the last. The prefix is empty if it is the root dialect.

import { cutOff, refusal } from '../lib/dialect.mjs';
import { forgeries } from '../lib/jwt.mjs';
import { ask as rest } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { either, nothing, same, shaped, text, time } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { connected, ears, history, joined, member, MESSAGE, pair, refreshed, tab, visitor } from './people.mjs';

await scenario({ url: undefined, prefix: '/social', deadline: 150 }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)];
  let alice = await signIn(here, there, prefix);
  let [bob, eve] = await Promise.all([member('bob', there, prefix), member('eve', there, prefix)]);
  await connects(alice, here, prefix);

  const { _id: conversationId } = await pair(alice, bob);
  bob = await presence(alice, bob, there);
  alice = await refreshed(alice);
  bob = await refreshed(bob);

  const first = await messages(alice, bob, conversationId);
  await typing(alice, bob);
  await receipts(alice, bob, conversationId, first);
  await reconnection(alice, bob, conversationId);
  await multiTab(alice, bob, conversationId);

  doing('the world, which has nothing to do with it');
  same(ears(eve).all.filter(({ args: [payload] }) => payload?.userId !== eve.id), [], 'what Eve heard');
  return { heard: ears(bob).all.length };
});

async function signIn(here, there, prefix) {
  doing('✅ Users sign in');
  const alice = await member('alice', here, prefix);
  const { form } = alice;
  const again = visitor('alice', there, prefix);
  check(again.page.Cookies.get('token') === undefined, 'a new page has a token');
  const wrong = await again.signIn({ email: form.email, password: 'not this one' });
  check(wrong.status >= 400 && wrong.status < 500, () => `a wrong password was answered ${wrong.status}`);
  shaped(wrong.body, either({ error: text }, { message: text }), 'the answer to a wrong password');
  check(again.sockets.length === 0 && again.page.Cookies.get('token') === undefined, 'a wrong password opened a socket');
  const { status, userData } = await again.signIn({ email: form.email, password: form.password });
  check(status === 200 && userData._id === alice.id, () => `signing in was answered ${status} ${quote(userData)}`);
  shaped(userData, { userName: form.userName, password: nothing }, 'who signed in');
  await connected(again);
  await again.signOut();
  await again.page.find('#signed-out');
  check(again.page.Cookies.get('token') === undefined, 'signing out left the cookie');
  check((await again.api('GET', '/user/me')).status === 401, 'who signed out is still known');
  return refreshed(alice);
}

async function connects(alice, here, prefix) {
  doing('✅ Socket connects');
  await connected(alice);
  const server = here + prefix;
  for (const options of [undefined, { auth: {} }, { auth: { token: '' } }]) {
    same(await refusal(server, options), 'No token provided', `the refusal of ${quote(options)}`);
  }
  const jwks = await rest(here, 'GET', '/.well-known/jwks.json');
  for (const [what, token] of Object.entries(forgeries(alice.token, jwks)).filter(([, one]) => one !== '')) {
    same(await refusal(server, { auth: { token } }), 'Invalid token', `the refusal of ${what}`);
  }
}

async function presence(alice, bob, there) {
  doing('✅ Online/offline status updates');
  const of = ({ userId }) => userId === bob.id;
  const showsBob = async (online) => {
    await until(() => alice.page.all('#app')[0].dataset.online.split(' ').includes(bob.id) === online, `Alice's page to show Bob ${online ? 'online' : 'offline'}`);
  };
  const heard = ears(alice);
  await bob.signOut();
  const [{ lastSeen }] = await heard.times(1, 'user:offline', of);
  // When they got to know each other, Alice may have been told that he is online.
  const before = heard.of('user:online', of).length;
  check(time(lastSeen), () => `going offline comes with the lastSeen ${quote(lastSeen)}`);
  await showsBob(false);

  const { status } = await bob.signIn({ email: bob.form.email, password: bob.form.password });
  check(status === 200, `signing in again was answered ${status}`);
  await connected(bob);
  bob.token = bob.page.Cookies.get('token');
  await heard.times(before + 1, 'user:online', of);
  await showsBob(true);

  doing('✅ Online/offline status updates: a second tab is no second person');
  const second = await tab("Bob's second tab", bob, there + new URL(bob.server).pathname.replace(/\/$/, ''));
  second.disconnect();
  // The next edges come after whatever the second tab would have caused.
  await bob.signOut();
  await heard.times(2, 'user:offline', of);
  heard.exactly(before + 1, 'user:online', of);
  await bob.signIn({ email: bob.form.email, password: bob.form.password });
  await connected(bob);
  await heard.times(before + 2, 'user:online', of);
  heard.exactly(2, 'user:offline', of);
  bob.token = bob.page.Cookies.get('token');
  return bob;
}

async function messages(alice, bob, conversationId) {
  doing('✅ Messages send + receive real-time');
  await alice.page.click(`#conversation-${conversationId}`);
  await alice.page.find('#chat[data-joined=true]');
  await say(alice, 'Hello!');
  const first = await shown(alice, 'Hello!', '[data-status=sent],[data-status=delivered]');
  const { messages: [unread] } = await history(bob, conversationId);
  const sender = { _id: alice.id, userName: alice.form.userName };
  const plain = { messageType: 'text', mediaUrl: null, mediaType: null, replyTo: null, deleted: false, deletedAt: null };
  shaped(unread, { ...MESSAGE, ...plain, _id: first, conversation: conversationId, sender, text: 'Hello!', readBy: [], status: either('sent', 'delivered') }, 'what nobody has read');
  const mine = await ears(alice).once('chat:message');
  shaped(mine, { message: { ...MESSAGE, _id: first }, tempId: (temp) => /^temp_/.test(temp) }, 'what Alice hears of her message');
  ears(bob).exactly(0, 'chat:message');

  const back = await refreshed(bob);
  Object.assign(bob, back);
  await bob.page.find(`#conversation-${conversationId}[data-unread="1"]`);
  await bob.page.click(`#conversation-${conversationId}`);
  await bob.page.find('#chat[data-joined=true]');
  await shown(bob, 'Hello!');
  await say(bob, 'Hello to you!');
  await shown(alice, 'Hello to you!');
  const heard = await ears(alice).once('chat:message', ({ message }) => message.text === 'Hello to you!');
  shaped(heard, { message: { ...MESSAGE, sender: { _id: bob.id } }, tempId: nothing }, "what Alice hears of Bob's message");
  await ears(bob).once('chat:message');
  return first;
}

async function typing(alice, bob) {
  doing('✅ Typing indicator works');
  const before = ears(bob).of('chat:typing').length;
  // Letter by letter, for what is said within a second of the spell before may be left out.
  let letters = '';
  await until(async () => {
    letters += 'x';
    await alice.page.type('#text', letters);
    return bob.page.all('#typing')[0].textContent.includes(alice.id);
  }, 'Bob to see Alice type', 5_000, 100);
  await say(alice, 'I am typing');
  await shown(bob, 'I am typing');
  await until(() => bob.page.all('#typing')[0].textContent === '', 'Bob to see Alice type no more');
  const spell = ears(bob).of('chat:typing').slice(before);
  check(spell.every(({ userId }) => userId === alice.id), () => `Bob heard ${quote(spell)}`);
  same(spell.map(({ isTyping }) => isTyping).filter((now, at, all) => now !== all[at - 1]), [true, false], 'what Bob heard of one spell');
  ears(alice).exactly(0, 'chat:typing', ({ userId }) => userId === alice.id);
}

async function receipts(alice, bob, conversationId, first) {
  doing('✅ Read receipts update');
  await alice.page.find(`li[data-id="${first}"][data-status=read]`);
  await until(() => alice.page.all('li').find(({ dataset }) => dataset.id === first).textContent.includes('blue ✓✓'), 'the blue tick');
  const event = await ears(alice).once('chat:read', ({ messageIds, readBy }) => readBy === bob.id && messageIds.includes(first));
  shaped(event, { conversationId, messageIds: Array.isArray, readBy: bob.id }, 'what Alice hears of the reading');
  const { messages: all } = await history(alice, conversationId);
  const read = all.find(({ _id }) => _id === first);
  shaped(read, { status: 'read', readBy: [{ user: bob.id, readAt: read.readBy[0]?.readAt }] }, 'a message that Bob has read');
  check(ears(alice).of('chat:read').every(({ messageIds, readBy }) => readBy !== bob.id || messageIds.every((one) => all.find(({ _id }) => _id === one)?.sender._id !== bob.id)), 'Bob is said to have read his own messages');
}

async function reconnection(alice, bob, conversationId) {
  doing('✅ Reconnection restores chat');
  const { socket } = ears(bob);
  const back = cutOff(socket);
  await say(alice, 'while you were away');
  await shown(alice, 'while you were away', '[data-status=sent],[data-status=delivered],[data-status=read]');
  await back;
  await bob.page.find('#chat[data-joined=true]');
  await shown(bob, 'while you were away');
  await say(alice, 'and when you were back');
  await shown(bob, 'and when you were back');
  await ears(bob).once('chat:message', ({ message }) => message.text === 'and when you were back');
  await say(bob, 'and from me');
  await shown(alice, 'and from me');
  const { messages: all } = await history(alice, conversationId);
  for (const { page } of [alice, bob]) {
    const ids = () => page.all('li').map(({ dataset }) => dataset.id).join();
    await until(() => ids() === all.map(({ _id }) => _id).join(), () => `a page to show ${all.length} messages once and in order, it shows ${ids()}`);
  }
}

async function multiTab(alice, bob, conversationId) {
  doing('8.3 Multi-Tab Test: open two browsers, send messages and observe real-time behavior and presence changes');
  const tabs = await Promise.all([tab("Alice's other tab", alice), tab("Bob's other tab", bob)]);
  await Promise.all(tabs.map((socket) => joined(socket, conversationId)));
  await say(alice, 'to all tabs');
  await shown(bob, 'to all tabs');
  const { message: { _id } } = await tabs[0].heard.once('chat:message');
  await tabs[1].heard.once('chat:message', ({ message }) => message._id === _id);
  for (const one of [alice, bob]) await ears(one).once('chat:message', ({ message }) => message._id === _id);
  const of = ({ userId }) => userId === bob.id;
  const offline = ears(alice).of('user:offline', of).length;
  tabs.forEach((socket) => socket.disconnect());
  await bob.signOut();
  await ears(alice).times(offline + 1, 'user:offline', of);
}

async function say({ page }, said) {
  await page.type('#text', said);
  await page.submit('#compose');
}

/** The id of a message that the page shows once and that is no longer temporary. */
async function shown({ page, name }, said, more = '') {
  const found = () => page.all('li').filter(({ textContent, dataset }) => textContent.includes(`: ${said} `) && !dataset.id.startsWith('temp_'));
  const matching = () => found().filter((one) => !more || one.matches(more));
  await until(() => matching().length === 1, () => `${name}'s page to show "${said}" once, it shows ${page.all('li').map(({ textContent, dataset }) => `${textContent}(${dataset.status})`)}`);
  return matching()[0].dataset.id;
}
