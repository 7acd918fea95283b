// A client stops reading while its room is busy: the gateway closes its transport, the others do not notice, and when
// it reads again it reconnects and finds everything in the history.
//
//   node slow.mjs --url http://127.0.0.1:7400 --transports default

import { createGroup, history, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { connect, send, upgraded } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

// Together far more than the kernel buffers of both ends and the gateway's own for one socket.
const MESSAGES = 4_000;
const SENDERS = 4;
const CONTENT = 'x'.repeat(8_000);

await scenario({ url: undefined, transports: 'default', deadline: 150 }, async ({ url: [url], transports }) => {
  doing('connecting');
  const [alice, bob, sloth] = await Promise.all(['alice', 'bob', 'sloth'].map((name) => signUp(url, name)));
  const room = await createGroup(alice, [bob, sloth]);
  const receiver = new Receiver('bob', new Truth());
  const senders = await inParallel(SENDERS, [...Array(SENDERS).keys()], () => connect(alice, { transports: 'websocket' }));
  await connect(bob, { transports: 'websocket', prepare: (socket) => receiver.attach(socket) });
  const losses = [];
  const slow = await connect(sloth, { transports, reconnectionDelay: 50, prepare: (socket) => socket.on('disconnect', (reason) => losses.push(reason)) });
  await upgraded(slow);

  doing('no longer reading');
  const before = slow.id;
  slow.io.engine.transport.ws._socket.pause();

  doing('flooding the room');
  await inParallel(SENDERS, [...Array(MESSAGES).keys()], (number) => send(senders[number % SENDERS], { roomId: room.id, content: CONTENT, clientMessageId: `slow-${number}` }));
  await receiver.got(room.id, MESSAGES, 60_000);

  doing('reading again');
  slow.io.engine?.transport?.ws?._socket?.resume();
  await until(() => losses.length > 0, 'the slow client to lose its transport', 60_000);
  check(losses[0] !== 'io server disconnect', 'the slow client was told goodbye: it will not come back');
  await until(() => slow.connected && slow.id !== before, 'the slow client to be back', 30_000);

  doing('catching up');
  const all = await history(sloth, room.id);
  check(all.length === MESSAGES && all.every(({ seq }, index) => seq === index + 1), `the history has ${all.length} messages`);
  return { messages: MESSAGES, losses };
});
