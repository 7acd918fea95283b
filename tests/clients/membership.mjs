// Rooms that change, and people who come and go: over Socket.IO and REST, seen on another gateway; and who may not.
//
//   node membership.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask as rest, createGroup, history, openPair, request, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, carol, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'carol'), signUp(here, 'eve')]);
  const truth = new Truth();
  const heard = {};
  const open = (name, user, at = user.url) => connect(user, {
    url: at,
    transports: 'websocket',
    prepare: (socket) => {
      heard[name] = [];
      ['room:created', 'room:updated', 'room:member', 'message:receive', 'error'].forEach((event) => socket.on(event, (payload) => heard[name].push({ event, payload })));
    },
  });
  const sockets = Object.fromEntries(await Promise.all([
    ['alice', alice], ['bob', bob, there], ['bobHere', bob, here], ['carol', carol], ['eve', eve],
  ].map(async ([name, user, at]) => [name, await open(name, user, at)])));
  const act = async (name, event, payload) => {
    const answer = await ask(sockets[name], event, payload);
    check(answer.ok === true, () => `${name}'s ${event} was answered ${quote(answer)}`);
    return answer.room;
  };
  const of = (name, event, roomId) => heard[name].filter((one) => one.event === event && (one.payload.roomId ?? one.payload.id) === roomId).map(({ payload }) => payload);
  const contents = (name, roomId) => of(name, 'message:receive', roomId).filter(({ type }) => type === 'text').map(({ content }) => content);

  doing('making a room');
  const room = await act('alice', 'room:create', { name: 'cellar', isGroup: true, memberIds: [carol.id] });
  check(room.role === 'owner' && room.memberCount === 2, () => `the room is ${quote(room)}`);
  await until(() => of('carol', 'room:created', room.id).length === 1, 'Carol to hear of the room');
  await send(sockets.alice, { roomId: room.id, content: 'before Bob' });

  doing('adding');
  const wider = await act('alice', 'room:add', { roomId: room.id, userIds: [bob.id] });
  check(wider.memberCount === 3, () => `with Bob the room is ${quote(wider)}`);
  // Not one moment later, and he has not reconnected.
  await send(sockets.alice, { roomId: room.id, content: 'hello Bob' });
  for (const name of ['bob', 'bobHere']) {
    await until(() => contents(name, room.id).length === 1, `${name} to get the first message after he came in`);
    check(contents(name, room.id)[0] === 'hello Bob' && of(name, 'room:created', room.id).length === 1, () => `${name} heard ${quote(heard[name])}`);
    check(of(name, 'room:created', room.id)[0].unread === 0 && of(name, 'room:created', room.id)[0].role === 'member', () => `${name} was shown ${quote(of(name, 'room:created', room.id))}`);
  }
  await until(() => of('carol', 'room:member', room.id).some(({ change, userIds }) => change === 'added' && userIds[0] === bob.id), 'Carol to hear of Bob');

  doing('renaming');
  await rest(here, 'PATCH', `/api/rooms/${room.id}`, { token: alice.token, body: { name: 'attic', imageUrl: 'https://example.org/a.png' } });
  await until(() => of('bob', 'room:updated', room.id).length === 2, 'Bob to hear of the new name and image');
  check(of('bob', 'room:updated', room.id)[0].name === 'attic', () => `Bob heard ${quote(of('bob', 'room:updated', room.id))}`);
  const shown = await rest(there, 'GET', `/api/rooms/${room.id}`, { token: bob.token });
  check(shown.name === 'attic' && shown.imageUrl === 'https://example.org/a.png', () => `Bob is shown ${quote(shown)}`);

  doing('promoting');
  const refused = async (name, event, payload, code) => {
    const answer = await ask(sockets[name], event, payload);
    check(answer.ok === false && answer.error.code === code, () => `${name}'s ${event} was answered ${quote(answer)}, not ${code}`);
  };
  await refused('bob', 'room:add', { roomId: room.id, userIds: [eve.id] }, 'NOT_ALLOWED');
  await act('alice', 'room:role', { roomId: room.id, userId: bob.id, role: 'admin' });
  await until(() => of('carol', 'room:member', room.id).some(({ change, role }) => change === 'role' && role === 'admin'), 'Carol to hear of the admin');
  await refused('bob', 'room:remove', { roomId: room.id, userId: alice.id }, 'NOT_ALLOWED');

  doing('removing');
  const removed = await request(there, 'DELETE', `/api/rooms/${room.id}/members/${carol.id}`, { token: bob.token });
  check(removed.status === 200 && removed.body.memberCount === 2, () => `removing was answered ${quote(removed)}`);
  await send(sockets.alice, { roomId: room.id, content: 'without Carol' });
  await until(() => contents('bob', room.id).at(-1) === 'without Carol', 'Bob to get it');
  await until(() => of('carol', 'room:member', room.id).some(({ change, userIds }) => change === 'removed' && userIds[0] === carol.id), 'Carol to hear that she is out');
  await refused('carol', 'message:send', { roomId: room.id, content: 'still here?' }, 'ROOM_NOT_FOUND');
  await refused('carol', 'typing', { roomId: room.id, isTyping: true }, 'ROOM_NOT_FOUND');
  const closed = await request(there, 'GET', `/api/rooms/${room.id}/messages`, { token: carol.token });
  check(closed.status === 404, () => `Carol's reading was answered ${quote(closed)}`);

  doing('coming back');
  await act('bob', 'room:add', { roomId: room.id, userIds: [carol.id] });
  await send(sockets.alice, { roomId: room.id, content: 'with Carol again' });
  await until(() => contents('carol', room.id).at(-1) === 'with Carol again', 'Carol to get messages again');
  check(!contents('carol', room.id).includes('without Carol'), 'Carol got what was said without her');

  doing('leaving');
  await act('alice', 'room:leave', { roomId: room.id });
  await until(() => of('carol', 'room:member', room.id).some(({ change, ownerId }) => change === 'left' && ownerId === bob.id), 'Carol to hear that Bob owns the room');
  await send(sockets.bob, { roomId: room.id, content: 'without Alice' });
  await until(() => contents('carol', room.id).at(-1) === 'without Alice', 'Carol to get it');
  check(!contents('alice', room.id).includes('without Alice'), 'Alice got what was said without her');
  const log = await history(bob, room.id);
  check(log.every(({ seq }, index) => seq === index + 1), 'the log has a hole');
  log.forEach((message) => truth.agree(message, 'the history'));
  check(new Receiver('nobody', truth).count === 0, 'a receiver that is not attached has received');

  doing('muting');
  const muted = await act('bob', 'room:mute', { roomId: room.id, muted: true });
  check(muted.muted === true && muted.mutedUntil === undefined, () => `muted: ${quote(muted)}`);
  const until2040 = await rest(there, 'PUT', `/api/rooms/${room.id}/mute`, { token: bob.token, body: { muted: true, until: '2040-01-01T00:00:00Z' } });
  check(until2040.mutedUntil === '2040-01-01T00:00:00.000Z', () => `muted until: ${quote(until2040)}`);
  check((await act('bob', 'room:mute', { roomId: room.id, muted: false })).muted === false, 'it is still muted');

  doing('paging');
  for (let number = 0; number < 5; number += 1) await createGroup(bob, [carol], `room ${number}`);
  const seen = [];
  for (let cursor = ''; ;) {
    const page = await rest(there, 'GET', `/api/rooms?limit=2${cursor}`, { token: bob.token });
    seen.push(...page.rooms.map(({ name }) => name));
    if (!page.hasMore) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  check(JSON.stringify(seen) === JSON.stringify(['room 4', 'room 3', 'room 2', 'room 1', 'room 0', 'attic']), () => `the rooms came as ${quote(seen)}`);

  doing('prying');
  const before = await rest(there, 'GET', `/api/rooms/${room.id}`, { token: bob.token });
  for (const [event, payload] of [
    ['room:update', { name: 'mine' }], ['room:add', { userIds: [eve.id] }], ['room:remove', { userId: bob.id }], ['room:leave', {}],
    ['room:role', { userId: eve.id, role: 'owner' }], ['room:mute', { muted: true }],
  ]) await refused('eve', event, { roomId: room.id, ...payload }, 'ROOM_NOT_FOUND');
  for (const [method, path, body] of [
    ['GET', ''], ['PATCH', '', { name: 'mine' }], ['GET', '/members'], ['POST', '/members', { userIds: [eve.id] }],
    ['DELETE', `/members/${bob.id}`], ['DELETE', `/members/${eve.id}`], ['PATCH', `/members/${eve.id}`, { role: 'owner' }],
    ['PUT', '/mute', { muted: true }], ['GET', '/messages'], ['POST', '/messages', { content: 'x' }], ['GET', '/pins'],
  ]) {
    const answer = await request(here, method, `/api/rooms/${room.id}${path}`, { token: eve.token, body });
    check(answer.status === 404 && answer.body.code === 'ROOM_NOT_FOUND', () => `Eve's ${method} ${path} was answered ${quote(answer)}`);
  }
  const after = await rest(there, 'GET', `/api/rooms/${room.id}`, { token: bob.token });
  check(JSON.stringify(after) === JSON.stringify(before), () => `${quote(before)} became ${quote(after)}`);
  const pair = await openPair(alice, bob);
  await refused('alice', 'room:update', { roomId: pair.id, name: 'us' }, 'NOT_ALLOWED');
  Object.entries(heard).forEach(([name, events]) => check(!events.some(({ event }) => event === 'error'), () => `${name} got an error`));
  Object.values(sockets).forEach((socket) => socket.disconnect());
  return { messages: log.length };
});
