// A room that is created while others are online: they get the room, and every message of it, in order.
//
//   node rooms.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { createGroup, history, openPair, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

const BURST = 20;

await scenario({ url: undefined, rounds: 10 }, async ({ url, rounds }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, carol] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'carol')]);
  const truth = new Truth();
  const created = { alice: [], bob: [], carol: [] };
  const receivers = {};
  const open = (name, user) => connect(user, {
    transports: 'websocket',
    prepare: (socket) => {
      receivers[name] = new Receiver(name, truth).attach(socket);
      socket.on('room:created', (room) => created[name].push(room));
    },
  });
  const [alices, bobs] = await Promise.all([open('alice', alice), open('bob', bob), open('carol', carol)]);
  const told = (name, id) => created[name].filter((room) => room.id === id);

  doing('creating groups and sending into them at once');
  for (let round = 0; round < rounds; round += 1) {
    // By any gateway: also one that Alice has no socket on.
    const room = await createGroup({ ...alice, url: url[round % url.length] }, [bob, carol], `group ${round}`);
    // Not one moment later: the messages race with the news of the room.
    const sent = await Promise.all(Array.from({ length: BURST }, (_, index) => send(alices, { roomId: room.id, content: `${index}`, clientMessageId: `${index}` })));
    sent.forEach((message) => truth.agree(message, 'the ack'));
    await Promise.all(['alice', 'bob', 'carol'].map((name) => receivers[name].got(room.id, BURST)));
    await until(() => ['bob', 'carol'].every((name) => told(name, room.id).length), 'room:created');
    ['bob', 'carol'].forEach((name) => check(told(name, room.id).length === 1, `${name} was told ${told(name, room.id).length} times of room ${room.id}`));
    const [news] = told('bob', room.id);
    check(news.name === `group ${round}` && news.isGroup === true && news.memberCount === 3, () => `room:created says ${quote(news)}`);
  }

  doing('writing to a user without a room');
  const first = await Promise.all([
    ...Array.from({ length: BURST }, (_, index) => send(alices, { toUserId: bob.id, content: `from Alice ${index}` })),
    ...Array.from({ length: BURST }, (_, index) => send(bobs, { toUserId: alice.id, content: `from Bob ${index}` })),
  ]);
  const pairs = new Set(first.map(({ roomId }) => roomId));
  check(pairs.size === 1, `writing to one another from both sides made ${pairs.size} rooms`);
  const [pair] = pairs;
  await Promise.all(['alice', 'bob'].map((name) => receivers[name].got(pair, 2 * BURST)));
  check(receivers.carol.last(pair) === 0, 'Carol got a message of a room she is not in');

  doing('creating the same room of two from both sides');
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? openPair(alice, carol) : openPair(carol, alice))));
  const ids = new Set(answers.map(({ id }) => id));
  check(ids.size === 1, `creating it from both sides at once made ${ids.size} rooms`);
  check((await openPair(bob, alice)).id === pair, 'asking for the room of Alice and Bob gave another one');
  const [withCarol] = ids;
  await send(alices, { roomId: withCarol, content: 'hello' });
  await Promise.all(['alice', 'carol'].map((name) => receivers[name].got(withCarol, 1)));
  await until(() => told('carol', withCarol).length, 'room:created of the room of two');

  doing('connecting anew');
  const { snapshot } = await connect(bob, { url: here, transports: 'websocket' });
  check(snapshot.user?.id === bob.id, () => `ready is for ${quote(snapshot.user)}`);
  const known = snapshot.rooms.find(({ id }) => id === pair);
  check(snapshot.rooms.length === rounds + 1 && known?.lastSeq === 2 * BURST, () => `ready names ${snapshot.rooms.length} rooms, and of the pair ${quote(known)}`);
  const log = await history(bob, pair);
  check(log.length === 2 * BURST, `history of the pair holds ${log.length} messages`);
  log.forEach((message) => truth.agree(message, 'history'));

  Object.values(receivers).forEach((receiver) => receiver.check());
  ['bob', 'carol'].forEach((name) => {
    const twice = created[name].map(({ id }) => id).find((id, index, all) => all.indexOf(id) !== index);
    check(!twice, `${name} was told more than once of room ${twice}`);
  });
  return { rooms: rounds + 2, messages: rounds * BURST + 2 * BURST + 1 };
});
