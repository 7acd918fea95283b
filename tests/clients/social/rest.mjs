// Seed 000, section 5: the REST routes, each line of its table, with the cookie `token` and with a bearer token.
//
//   node social/rest.mjs --url http://127.0.0.1:8080 [--prefix ""]

import { nobody } from '../lib/dialect.mjs';
import { request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { count, either, id, list, nothing, same, shaped, text, time, words } from '../lib/shape.mjs';
import { CONVERSATION, history, joined, member, MESSAGE, PAGE, pair, tab, USER } from './people.mjs';

const LISTED = { ...CONVERSATION, updatedAt: time, unreadCount: (value) => Object.values(value).every(count), lastMessage: either(nothing, { _id: id, text }) };

await scenario({ url: undefined, prefix: '/social', deadline: 120 }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, carol, eve] = await Promise.all(['alice', 'bob', 'carol', 'eve'].map((name, at) => member(name, at % 2 ? there : here, prefix)));
  const socket = await tab('Bob', bob);
  await doors(alice, here + prefix);
  const conversation = await conversations(alice, bob, carol, eve);
  await joined(socket, conversation);
  await messages(alice, bob, eve, conversation, socket);
  await users(alice, bob);
});

async function doors(alice, server) {
  doing('Auth ✅ on each route: the cookie or a bearer token, and 401 without');
  const routes = [['GET', '/conversations'], ['POST', '/conversations'], ['POST', '/conversations/group'], ['GET', `/conversations/${nobody()}`], ['GET', `/messages/${nobody()}`], ['POST', '/messages'], ['DELETE', `/messages/${nobody()}`]];
  for (const [method, path] of routes) {
    const body = method === 'POST' ? {} : undefined;
    for (const headers of [{}, { cookie: 'token=garbage' }, { authorization: 'Bearer garbage' }]) {
      const answer = await request(server, method, `/api${path}`, { body, headers });
      check(answer.status === 401, () => `${method} ${path} with ${quote(headers)} was answered ${answer.status}`);
      shaped(answer.body, either({ error: words }, { message: words }), `${method} ${path} without a token`);
    }
  }
  for (const headers of [{ cookie: `token=${alice.token}` }, { authorization: `Bearer ${alice.token}` }]) {
    const answer = await request(server, 'GET', '/api/conversations', { headers });
    same([answer.status, answer.body], [200, []], 'the conversations of who has none');
  }
}

async function refused(what, promise, ...statuses) {
  const { status, body } = await promise;
  check(statuses.includes(status), () => `${what} was answered ${status} ${quote(body)}`);
  shaped(body, either({ error: words }, { message: words }), `the answer to ${what}`);
}

async function conversations(alice, bob, carol, eve) {
  doing('POST /api/conversations: Create/get 1-on-1 conversation');
  const opened = await pair(alice, bob);
  same(opened.participants.map(({ _id }) => _id).sort(), [alice.id, bob.id].sort(), 'the participants');
  same(opened.participants.map(({ userName }) => userName).sort(), [alice.form.userName, bob.form.userName].sort(), 'their names');
  same((await pair(bob, alice))._id, opened._id, 'the same from the other side');
  await refused('a conversation with nobody', alice.api('POST', '/conversations', { participantId: nobody() }), 404);
  await refused('a conversation with nonsense', alice.api('POST', '/conversations', { participantId: 'nonsense' }), 400, 404);
  await refused('a conversation without a partner', alice.api('POST', '/conversations', {}), 400);

  doing('POST /api/conversations/group: Create group conversation');
  const group = await alice.api('POST', '/conversations/group', { groupName: 'friends', participantIds: [bob.id, carol.id] });
  check(group.status === 201, () => `creating a group was answered ${group.status} ${quote(group.body)}`);
  const person = either(id, { _id: id });
  shaped(group.body, { ...CONVERSATION, isGroup: true, groupName: 'friends', groupImage: either(nothing, text), groupAdmins: list(person), createdBy: person }, 'the group');
  same(group.body.participants.map(({ _id }) => _id).sort(), [alice.id, bob.id, carol.id].sort(), 'who is in the group');
  same(group.body.groupAdmins.map((one) => one._id ?? one), [alice.id], 'who leads the group');

  doing("GET /api/conversations: Get all user's conversations");
  await alice.api('POST', '/messages', { conversationId: opened._id, text: 'news' });
  const { status, body } = await bob.api('GET', '/conversations');
  check(status === 200, `the conversations were answered ${status}`);
  shaped(body, list(LISTED), 'the conversations');
  same(body.map(({ _id }) => _id), [opened._id, group.body._id], 'the newest first');
  same([body[0].lastMessage.text, body[0].unreadCount[bob.id]], ['news', 1], 'the first of them');

  doing('GET /api/conversations/:id: Get conversation by ID');
  const one = await bob.api('GET', `/conversations/${group.body._id}`);
  shaped(one, { status: 200, body: { ...CONVERSATION, _id: group.body._id, groupName: 'friends' } }, 'one conversation');
  for (const what of [group.body._id, nobody()]) await refused("others' conversation", eve.api('GET', `/conversations/${what}`), 403, 404);
  await refused('nonsense', eve.api('GET', '/conversations/nonsense'), 400, 404);
  return opened._id;
}

async function messages(alice, bob, eve, conversationId, socket) {
  doing('POST /api/messages: Send message (fallback)');
  for (let number = 1; number < 7; number += 1) {
    const sent = await alice.api('POST', '/messages', { conversationId, text: `number ${number}`, tempId: `temp_${number}` });
    check([200, 201].includes(sent.status), () => `POST /messages was answered ${sent.status} ${quote(sent.body)}`);
    shaped(sent.body.message ?? sent.body, { ...MESSAGE, conversation: conversationId, text: `number ${number}`, sender: { _id: alice.id } }, 'the message');
    await socket.heard.once('chat:message', ({ message }) => message.text === `number ${number}`);
  }
  await refused('an empty message', alice.api('POST', '/messages', { conversationId }), 400);
  await refused("a message into others' conversation", eve.api('POST', '/messages', { conversationId, text: 'let me in' }), 403, 404);

  doing('GET /api/messages/:conversationId: Get messages (paginated)');
  const numbered = ({ messages: some }) => some.map(({ text: said }) => said);
  const first = await history(bob, conversationId, 'page=1&limit=3');
  same(numbered(first), ['number 4', 'number 5', 'number 6'], 'the first page');
  shaped(first, { ...PAGE, totalPages: 3, currentPage: 1, hasMore: true }, 'the first page');
  const second = await history(bob, conversationId, 'page=2&limit=3');
  same(numbered(second), ['number 1', 'number 2', 'number 3'], 'the second page');
  const last = await history(bob, conversationId, 'page=3&limit=3');
  same(numbered(last), ['news'], 'the last page');
  shaped(last, { totalPages: 3, currentPage: 3, hasMore: false }, 'the last page');
  same((await history(bob, conversationId, 'page=9&limit=3')).messages, [], 'a page behind the last');
  same(numbered(await history(bob, conversationId, '')).length, 7, 'without numbers');
  for (const query of ['page=0&limit=3', 'page=x', 'limit=-1', 'limit=100000000']) {
    const answer = await bob.api('GET', `/messages/${conversationId}?${query}`);
    check([200, 400].includes(answer.status), () => `${query} was answered ${answer.status}`);
  }
  await refused("others' messages", eve.api('GET', `/messages/${conversationId}`), 403, 404);

  doing('DELETE /api/messages/:messageId: Delete message');
  const [target] = first.messages;
  await refused("deleting another's message", bob.api('DELETE', `/messages/${target._id}`), 403, 404);
  await refused("deleting a stranger's message", eve.api('DELETE', `/messages/${target._id}`), 403, 404);
  const deleted = await alice.api('DELETE', `/messages/${target._id}`);
  check(deleted.status >= 200 && deleted.status < 300, () => `deleting was answered ${deleted.status} ${quote(deleted.body)}`);
  const after = (await history(bob, conversationId)).messages.find(({ _id }) => _id === target._id);
  shaped(after, { deleted: true, deletedAt: time, text: '' }, 'a deleted message');
  await refused('deleting nothing', alice.api('DELETE', `/messages/${nobody()}`), 404);
}

async function users(alice, bob) {
  doing('/api/user: oneself and others');
  const me = await alice.api('GET', '/user/me');
  shaped(me.body.user ?? me.body, { ...USER, _id: alice.id, email: alice.form.email, password: nothing }, 'oneself');
  const other = await alice.api('GET', `/user/${bob.id}`);
  shaped(other.body.user ?? other.body, { ...USER, _id: bob.id, userName: bob.form.userName, email: nothing, password: nothing }, 'another one');
  await refused('nobody', alice.api('GET', `/user/${nobody()}`), 404);
}
