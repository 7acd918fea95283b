// Eve knows every id of Alice's and tries every route and every event with them: nothing leaks to her, and nothing of
// Alice's changes. What the documents name and Eve does not try fails, so that nothing new is left out.
//
//   node stranger.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask as rest, createGroup, history, openPair, presenceOf, request, requestKnown, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { png, upload } from './lib/media.mjs';
import { ask, askKnown, connect, send } from './lib/socket.mjs';

/** What nobody but Alice and Bob may read: it is in everything that they write. */
const SECRET = 'xyzzy';

/** All that Alice can see, as text; but not when she was last here, which looking changes. */
async function worldOf(alice, bob, rooms) {
  const read = (path) => rest(alice.url, 'GET', path, { token: alice.token });
  const parts = [await read('/api/users/me'), await read('/api/auth/sessions'), await read('/api/users/me/blocks'), await read('/api/rooms')];
  for (const { id } of rooms) {
    parts.push(await read(`/api/rooms/${id}`), await read(`/api/rooms/${id}/members`), await read(`/api/rooms/${id}/pins`), await history(alice, id));
  }
  parts.push(await rest(bob.url, 'GET', '/api/rooms', { token: bob.token }));
  return JSON.stringify(parts, (key, value) => (key === 'lastUsedAt' ? undefined : value));
}

await scenario({ url: undefined, deadline: 120 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('making a world of two');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'eve')]);
  await rest(here, 'PATCH', '/api/users/me', { token: alice.token, body: { lastSeenVisibility: 'nobody' } });
  const group = await createGroup(alice, [alice, bob], `group ${SECRET}`);
  const pair = await openPair(alice, bob);
  const heard = [];
  const [her, his, spy] = await Promise.all([alice, bob, eve].map((user) => connect(user, { transports: 'websocket' })));
  spy.onAny((event, payload) => heard.push({ event, payload }));
  const picture = await upload(alice, png(40, 40), { name: SECRET });
  const message = await send(her, { roomId: group.id, content: `hello ${SECRET}`, attachments: [{ mediaId: picture.id }] });
  const old = await send(his, { roomId: group.id, content: `old ${SECRET}`, replyTo: message.id });
  await send(her, { roomId: pair.id, content: `aside ${SECRET}` });
  await ask(her, 'message:pin', { messageId: message.id });
  await ask(his, 'message:react', { messageId: message.id, emoji: '👍' });
  await ask(his, 'message:edit', { messageId: old.id, content: `new ${SECRET}` });
  await ask(his, 'message:ack', { roomId: group.id, seq: old.seq, status: 'read' });
  const [session] = (await rest(here, 'GET', '/api/auth/sessions', { token: alice.token })).sessions;
  const before = await worldOf(alice, bob, [group, pair]);

  // What is asked, and what Eve may be answered: 404 where she cannot know that there is something, 200 where everybody
  // may see it or where what she did is about herself alone.
  const [room, id, user, mine] = [group.id, message.id, alice.id, eve.id];
  const routes = [
    ['GET', '/api/users/{id}', { id: user }, undefined, 200],
    ['GET', '/api/users/{id}/presence', { id: user }, undefined, 200],
    ['DELETE', '/api/auth/sessions/{id}', { id: session.id }, undefined, 404],
    ['DELETE', '/api/users/me/blocks/{id}', { id: user }, undefined, 204],
    ['GET', '/api/rooms/{id}', { id: room }, undefined, 404],
    ['PATCH', '/api/rooms/{id}', { id: room }, { name: 'mine', imageUrl: '', retention: { messages: 1 } }, 404],
    ['GET', '/api/rooms/{id}/members', { id: room }, undefined, 404],
    ['POST', '/api/rooms/{id}/members', { id: room }, { userIds: [mine] }, 404],
    ['DELETE', '/api/rooms/{id}/members/{user_id}', { id: room, user_id: bob.id }, undefined, 404],
    ['PATCH', '/api/rooms/{id}/members/{user_id}', { id: room, user_id: mine }, { role: 'owner' }, 404],
    ['PUT', '/api/rooms/{id}/mute', { id: room }, { muted: true }, 404],
    ['POST', '/api/rooms/{id}/receipts', { id: room }, { seq: 1, status: 'read' }, 404],
    ['GET', '/api/rooms/{id}/pins', { id: room }, undefined, 404],
    ['GET', '/api/rooms/{id}/messages', { id: room }, undefined, 404],
    ['POST', '/api/rooms/{id}/messages', { id: room }, { content: 'from Eve', clientMessageId: message.clientMessageId }, 404],
    ['GET', '/api/messages/{id}', { id }, undefined, 404],
    ['PATCH', '/api/messages/{id}', { id }, { content: 'from Eve' }, 404],
    ['DELETE', '/api/messages/{id}', { id }, undefined, 404],
    ['POST', '/api/messages/{id}/reactions', { id }, { emoji: '👎' }, 404],
    ['DELETE', '/api/messages/{id}/reactions', { id }, undefined, 404, '?emoji=%F0%9F%91%8D'],
    ['PUT', '/api/messages/{id}/pin', { id }, undefined, 404],
    ['DELETE', '/api/messages/{id}/pin', { id }, undefined, 404],
    ['GET', '/api/messages/{id}/replies', { id }, undefined, 404],
    ['GET', '/api/messages/{id}/edits', { id: old.id }, undefined, 404],
    ['GET', '/api/messages/{id}/readers', { id }, undefined, 404],
    ['GET', '/api/media/{id}', { id: picture.id }, undefined, 404],
    ['GET', '/api/media/{id}/thumbnail', { id: picture.id }, undefined, 404],
    ['GET', '/api/media/{id}/info', { id: picture.id }, undefined, 404],
    ['POST', '/api/media/{id}/complete', { id: picture.id }, undefined, 404],
    ['PUT', '/api/media/{id}/content', { id: picture.id }, undefined, 401, `?user=${alice.id}&expires=9999999999&signature=forged`],
    // No id in the path, but in what is said.
    ['PATCH', '/api/users/me', {}, { avatarUrl: picture.url }, 404],
    ['GET', '/api/search', {}, undefined, 404, `?q=${SECRET}&roomId=${room}`],
    ['GET', '/api/search', {}, undefined, 200, `?q=${SECRET}`],
    ['GET', '/api/users', {}, undefined, 200, `?query=${alice.username}`],
  ];
  const events = [
    ['message:send', { roomId: room, content: 'from Eve', from: user }, 'ROOM_NOT_FOUND'],
    ['message:edit', { messageId: id, content: 'from Eve' }, 'MESSAGE_NOT_FOUND'],
    ['message:delete', { messageId: id, for: 'everyone' }, 'MESSAGE_NOT_FOUND'],
    ['message:delete', { messageId: id, for: 'me' }, 'MESSAGE_NOT_FOUND'],
    ['message:react', { messageId: id, emoji: '👎' }, 'MESSAGE_NOT_FOUND'],
    ['message:pin', { messageId: id }, 'MESSAGE_NOT_FOUND'],
    ['message:readers', { messageId: id }, 'MESSAGE_NOT_FOUND'],
    ['message:search', { q: SECRET, roomId: room }, 'ROOM_NOT_FOUND'],
    ['message:ack', { roomId: room, seq: 1, status: 'read' }, 'ROOM_NOT_FOUND'],
    ['room:update', { roomId: room, name: 'mine' }, 'ROOM_NOT_FOUND'],
    ['room:add', { roomId: room, userIds: [mine] }, 'ROOM_NOT_FOUND'],
    ['room:remove', { roomId: room, userId: bob.id }, 'ROOM_NOT_FOUND'],
    ['room:leave', { roomId: room }, 'ROOM_NOT_FOUND'],
    ['room:role', { roomId: room, userId: mine, role: 'owner' }, 'ROOM_NOT_FOUND'],
    ['room:mute', { roomId: room, muted: true }, 'ROOM_NOT_FOUND'],
    ['room:sync', { cursors: { [room]: 0 } }, undefined],
    ['typing', { roomId: room, isTyping: true }, 'ROOM_NOT_FOUND'],
    ['presence:watch', { userIds: [user] }, undefined],
    ['presence:unwatch', { userIds: [user] }, undefined],
    ['session:renew', { token: alice.token }, 'SESSION_MISMATCH'],
    // A room of her own, which Alice and Bob have nothing to do with.
    ['room:create', { name: 'hers', isGroup: true, memberIds: [] }, undefined],
  ];

  doing('asking over REST');
  for (const [method, template, ids, body, status, query = ''] of routes) {
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name]) + query;
    for (const at of [here, there]) {
      const answer = await requestKnown(at, method, path, { token: eve.token, body });
      check(answer.status === status, () => `Eve's ${method} ${template}${query} was answered ${quote(answer)}`);
      check(!JSON.stringify(answer).includes(SECRET), () => `Eve's ${method} ${template} was answered ${quote(answer)}`);
      check(!JSON.stringify(answer).includes(`${alice.username}@`), () => `Eve was told Alice's address: ${quote(answer)}`);
      const unknown = await request(at, method, path, { body });
      check(unknown.status === 401, () => `${method} ${template} without a token was answered ${quote(unknown)}`);
    }
  }
  const seen = await presenceOf(eve, alice, there);
  check(seen.lastSeen === null, () => `Alice shows nobody when she was last here, but Eve is told ${quote(seen)}`);

  doing('saying over Socket.IO');
  for (const [event, payload, code] of events) {
    const answer = await askKnown(spy, event, payload);
    check(code === undefined ? answer.ok : answer.error?.code === code, () => `Eve's ${event} was answered ${quote(answer)}`);
    check(!JSON.stringify(answer).includes(SECRET), () => `Eve's ${event} was answered ${quote(answer)}`);
    if (event === 'room:sync') check(answer.rooms[room].error?.code === 'ROOM_NOT_FOUND', () => `Eve's room:sync was answered ${quote(answer)}`);
  }

  doing('looking whether all was tried');
  const openapi = await rest(here, 'GET', '/openapi.json');
  const tried = new Set(routes.map(([method, template]) => `${method} ${template}`));
  const named = Object.entries(openapi.paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => ['get', 'put', 'post', 'patch', 'delete'].includes(method)).map((method) => `${method.toUpperCase()} ${path}`));
  const missed = named.filter((route) => route.includes('{') && !tried.has(route));
  check(named.length > 40 && missed.length === 0, () => `of ${named.length} routes Eve did not try ${quote(missed)}`);
  const asyncapi = await rest(here, 'GET', '/asyncapi.json');
  const said = Object.values(asyncapi.operations).filter(({ action }) => action === 'receive').map(({ messages }) => messages[0].$ref.split('/').at(-1).replace(/^say\./, '').replaceAll('.', ':'));
  // Connecting is what all of this begins with.
  const unsaid = said.filter((event) => event !== 'connect' && !events.some(([name]) => name === event));
  check(said.length >= 20 && unsaid.length === 0, () => `of ${said.length} events Eve did not say ${quote(unsaid)}`);

  doing('looking what became of it');
  const after = await worldOf(alice, bob, [group, pair]);
  check(before === after, () => differing(before, after));
  // What Eve would have heard by now, she has: Bob hears this after it.
  const last = new Promise((resolve) => { his.on('message:receive', resolve); });
  await send(her, { roomId: group.id, content: `after ${SECRET}` });
  await last;
  const leaked = heard.filter((one) => JSON.stringify(one).includes(SECRET));
  check(leaked.length === 0, () => `Eve heard ${quote(leaked)}`);
  [her, his, spy].forEach((socket) => socket.disconnect());
  return { routes: routes.length, events: events.length };
});

function differing(one, other) {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return `Alice's world was …${one.slice(Math.max(0, at - 80), at + 80)}… and is …${other.slice(Math.max(0, at - 80), at + 80)}…`;
}
