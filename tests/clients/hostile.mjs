// What a gateway must refuse: each gets a clear answer, and the gateway lives on.
//
//   node hostile.mjs --url http://127.0.0.1:7400 [--expired-token JWT]

import { checkEvents } from './hostile/events.mjs';
import { checkHandshakes } from './hostile/handshakes.mjs';
import { checkPackets } from './hostile/packets.mjs';
import { checkPayloads } from './hostile/payloads.mjs';
import { checkRequests } from './hostile/requests.mjs';
import { createGroup, signUp } from './lib/rest.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, expired_token: '', deadline: 120 }, async ({ url: [url], expired_token: expiredToken }) => {
  doing('connecting the healthy client');
  const [alice, bob, mallory] = await Promise.all(['alice', 'bob', 'mallory'].map((name) => signUp(url, name)));
  const room = await createGroup(alice, [bob]);
  const received = [];
  const losses = [];
  const healthy = await connect(bob, {
    transports: 'websocket',
    // Mallory may write to Bob in a room of their own.
    prepare: (socket) => socket.on('message:receive', (message) => message.roomId === room.id && received.push(message)).on('disconnect', (reason) => losses.push(reason)),
  });
  const sender = await connect(alice, { transports: 'websocket' });

  let attacks = 0;
  const failures = [];
  /** One attack, and after it: the healthy clients are still connected, and a message still travels. */
  const attack = async (name, story) => {
    attacks += 1;
    doing(name);
    // All that is wrong is reported, not only the first; only a gateway that is down ends it all.
    await story().catch((error) => failures.push(`${name}: ${error.message}`));
    doing(`sending between the healthy clients after ${name}`);
    const { seq } = await send(sender, { roomId: room.id, content: `after ${name}` });
    await until(() => received.at(-1)?.seq === seq, `the message after ${name}`);
    check(losses.length === 0, `${name}: a healthy client was disconnected: ${losses}`);
  };

  const scene = { url, alice, bob, mallory, room, expiredToken, attack };
  await checkHandshakes(scene);
  await checkEvents(scene);
  await checkPayloads(scene);
  await checkPackets(scene);
  await checkRequests(scene);

  check(failures.length === 0, () => `${failures.length} of ${attacks} were answered wrongly: ${failures.join('; ')}`);
  check(received.every(({ seq }, index) => seq === index + 1), () => `the healthy client got seq ${received.map(({ seq }) => seq)}`);
  check(received.every(({ from }) => from === alice.id), 'a message of someone else came into the room');
  [healthy, sender].forEach((socket) => socket.disconnect());
  return { attacks };
});
