// Who is blocked can neither write to the one who blocks, in the room of the two, nor see them come and go.
//
//   node blocks.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask as askRest, createGroup, openPair, presenceOf, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, askKnown, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, gateways: undefined, deadline: 90 }, async ({ url: [url], gateways }) => {
  const [here, there] = gateways.split(',');
  doing('connecting');
  const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((name) => signUp(url, name)));
  const [pair, group] = await Promise.all([openPair(alice, bob), createGroup(alice, [bob, carol])]);
  const seen = [];
  const [alices, bobs] = await Promise.all([
    connect(alice, { url: here }),
    connect(bob, { url: there, prepare: (socket) => socket.on('presence', (event) => seen.push(event)) }),
  ]);
  const blocksOf = async (user) => (await askRest(url, 'GET', '/api/users/me/blocks', { token: user.token })).users.map(({ id }) => id);
  const watched = async () => (await askKnown(bobs, 'presence:watch', { userIds: [alice.id] })).presences[0];
  await send(bobs, { roomId: pair.id, content: 'before' });
  // Presence may hear of a socket a few seconds late.
  await until(async () => (await watched()).online === true, 'Bob to see Alice online');

  doing('blocking');
  await askRest(here, 'POST', '/api/users/me/blocks', { token: alice.token, body: { userId: bob.id } });
  await until(() => seen.some(({ userId, online }) => userId === alice.id && !online), 'Bob to see Alice go');
  check(JSON.stringify(await blocksOf(alice)) === JSON.stringify([bob.id]) && (await blocksOf(bob)).length === 0, 'the lists of blocks are wrong');
  for (const payload of [{ roomId: pair.id }, { toUserId: alice.id }]) {
    const answer = await ask(bobs, 'message:send', { ...payload, content: 'let me in' });
    check(answer.ok === false && answer.error.code === 'BLOCKED', () => `${quote(payload)} was answered ${quote(answer)}`);
  }
  for (const [path, body] of [[`/api/rooms/${pair.id}/messages`, { content: 'let me in' }], ['/api/rooms', { isGroup: false, memberIds: [alice.id] }]]) {
    const answer = await request(there, 'POST', path, { token: bob.token, body });
    check(answer.status === 403 && answer.body.code === 'BLOCKED', () => `POST ${path} was answered ${answer.status} ${quote(answer.body)}`);
  }
  const presence = await presenceOf(bob, alice, there);
  check(presence.online === false && presence.lastSeen === null, () => `Bob sees ${quote(presence)}`);
  check((await watched()).online === false, 'Bob sees Alice online by watching again');

  doing('what is not affected');
  await send(bobs, { roomId: group.id, content: 'in the group' });
  await send(alices, { roomId: pair.id, content: 'she may write' });
  const stranger = await presenceOf(carol, alice, there);
  check(stranger.online === true, 'Carol does not see Alice');
  // Her going and coming is not told.
  const before = seen.length;
  alices.disconnect();
  await until(() => !alices.connected, 'Alice to go');
  const again = await connect(alice, { url: here });

  doing('lifting the block');
  await askRest(url, 'DELETE', `/api/users/me/blocks/${bob.id}`, { token: alice.token });
  await until(() => seen.slice(before).some(({ online }) => online), 'Bob to see Alice again');
  check(seen.slice(before).every(({ online }) => online), () => `while he was blocked, Bob saw ${quote(seen.slice(before))}`);
  await until(() => again.connected, 'Alice to be there');
  await send(bobs, { roomId: pair.id, content: 'friends again' });
  check((await blocksOf(alice)).length === 0, 'there are blocks left');

  doing('what cannot be blocked');
  for (const [userId, status, code] of [[alice.id, 400, 'BLOCK_INVALID'], ['f'.repeat(24), 404, 'USER_NOT_FOUND'], ['nonsense', 400, 'PAYLOAD_UNREADABLE']]) {
    const answer = await request(url, 'POST', '/api/users/me/blocks', { token: alice.token, body: { userId } });
    check(answer.status === status && answer.body.code === code, () => `blocking ${userId} was answered ${answer.status} ${quote(answer.body)}`);
  }

  doing('hiding when one was last seen');
  const lastSeen = async (viewer) => (await askRest(there, 'GET', `/api/users/${carol.id}`, { token: viewer.token })).lastSeen;
  const carols = await connect(carol, { url: here });
  carols.disconnect();
  const patch = (lastSeenVisibility) => askRest(there, 'PATCH', '/api/users/me', { token: carol.token, body: { lastSeenVisibility, bio: 'Likes engines' } });
  const withCarol = await openPair(alice, carol);
  await send(again, { roomId: withCarol.id, content: 'now we are contacts' });
  let own;
  // Her going is told a few seconds later; each answer of the PATCH is what this gateway knows of her from then on.
  do own = await patch('contacts'); while (own.lastSeen === null);
  check(own.lastSeenVisibility === 'contacts' && own.bio === 'Likes engines', () => `the profile is ${quote(own)}`);
  for (const [visibility, toAlice, toBob] of [['contacts', true, false], ['nobody', false, false], ['everyone', true, true]]) {
    await patch(visibility);
    for (const [viewer, sees] of [[alice, toAlice], [bob, toBob]]) {
      const times = [await lastSeen(viewer), (await presenceOf(viewer, carol, there)).lastSeen];
      check(times.every((time) => (time !== null) === sees), () => `shown to ${visibility}, ${viewer.username} sees ${quote(times)}`);
    }
  }
  const wrong = await request(url, 'PATCH', '/api/users/me', { token: carol.token, body: { lastSeenVisibility: 'enemies' } });
  check(wrong.status === 400 && wrong.body.code === 'FIELD_INVALID', () => `a wrong visibility was answered ${quote(wrong.body)}`);
  return { ok: true };
});
