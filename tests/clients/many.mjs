// Many users in many rooms over several gateways: each member's socket gets each message exactly once, in order.
//
//   node many.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401,http://127.0.0.1:7402

import { createGroup, history, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send, transportOf } from './lib/socket.mjs';
import { inParallel } from './lib/wait.mjs';

const SIGN_UPS_AT_ONCE = 4;
const SENDS_AT_ONCE_PER_USER = 2;

const defaults = { url: undefined, users: 100, rooms: 20, rooms_per_user: 3, messages: 5_000, deadline: 180 };

await scenario(defaults, async ({ url, users: userCount, rooms: roomCount, rooms_per_user: share, messages: total }) => {
  doing('signing up');
  const users = await inParallel(SIGN_UPS_AT_ONCE, [...Array(userCount).keys()], (index) => signUp(url[index % url.length], 'many'));

  doing('creating rooms');
  // User i is in rooms i, i+1, ..., so that each room has members on every gateway and shares some with its neighbours.
  const isIn = (user, room) => (room - user % roomCount + roomCount) % roomCount < share;
  const rooms = await inParallel(SIGN_UPS_AT_ONCE, [...Array(roomCount).keys()], async (number) => {
    const members = users.filter((_, index) => isIn(index, number));
    return { ...await createGroup(members[0], members, `room ${number}`), members };
  });
  const fewest = Math.min(...rooms.map(({ members }) => members.length));
  check(fewest >= 5, `a room has only ${fewest} members: take more users or fewer rooms`);

  doing('connecting');
  const truth = new Truth();
  const receivers = users.map((user) => new Receiver(user.username, truth));
  const sockets = await inParallel(10, users, (user, index) => connect(user, { transports: 'websocket', prepare: (socket) => receivers[index].attach(socket) }));

  doing('sending');
  // Each user goes round their own rooms, the next message when the one before is acked.
  const startedAt = performance.now();
  const lasts = new Map(rooms.map(({ id }) => [id, 0]));
  const latencies = [];
  let next = 0;
  const talk = async (index) => {
    const own = rooms.filter((_, number) => isIn(index, number));
    for (let turn = 0; next < total; turn += 1) {
      const number = next;
      next += 1;
      const room = own[(index + turn) % own.length];
      const sentAt = performance.now();
      const message = await send(sockets[index], { roomId: room.id, content: `message ${number}`, clientMessageId: `many-${number}` });
      latencies.push(performance.now() - sentAt);
      check(message.content === `message ${number}`, () => `the ack of message ${number} is for ${quote(message)}`);
      truth.agree(message, 'the ack');
      lasts.set(room.id, lasts.get(room.id) + 1);
    }
  };
  await Promise.all(users.flatMap((_, index) => Array.from({ length: SENDS_AT_ONCE_PER_USER }, () => talk(index))));
  const sendSeconds = (performance.now() - startedAt) / 1000;

  doing('receiving');
  await Promise.all(rooms.flatMap((room) => room.members.map((user) => receivers[users.indexOf(user)].got(room.id, lasts.get(room.id), 60_000))));
  const seconds = (performance.now() - startedAt) / 1000;
  const deliveries = receivers.reduce((sum, { count }) => sum + count, 0);
  const expected = rooms.reduce((sum, { id, members }) => sum + lasts.get(id) * members.length, 0);
  check(deliveries === expected, `${deliveries} deliveries instead of ${expected}`);

  doing('reading history');
  await inParallel(SIGN_UPS_AT_ONCE, rooms, async ({ id, members }) => {
    const log = await history(members.at(-1), id);
    check(log.length === lasts.get(id) && log.every(({ seq }, index) => seq === index + 1), `the history of ${id} is not seq 1..${lasts.get(id)}`);
    log.forEach((message) => truth.agree(message, 'history'));
  });

  receivers.forEach((receiver) => receiver.check());
  check(sockets.every((socket) => transportOf(socket) === 'websocket'), 'a socket is not on websocket');
  sockets.forEach((socket) => socket.disconnect());
  latencies.sort((a, b) => a - b);
  const at = (quantile) => Math.round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * quantile))]);
  return {
    users: userCount, rooms: Object.fromEntries(lasts), membersPerRoom: fewest, messages: total, deliveries,
    messagesPerSecond: Math.round(total / sendSeconds), seconds: Math.round(seconds * 10) / 10, ackMs: { p50: at(0.5), p99: at(0.99) },
  };
});
