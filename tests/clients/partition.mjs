// Redis is cut off from the gateways while people talk: every send is acked all the same, and when the line is mended
// everybody has everything, once and in order, without doing anything.
//
//   node partition.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { createGroup, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { doing, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { inParallel } from './lib/wait.mjs';

const BEFORE = 20;
const DURING = 40;
const AFTER = 20;

await scenario({ url: undefined, control: undefined, deadline: 120 }, async ({ url, control }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  const at = (index) => url[index % url.length];

  doing('connecting');
  const users = await inParallel(4, [0, 1, 2, 3], (index) => signUp(at(index), 'partition'));
  const room = await createGroup(users[0], users);
  const truth = new Truth();
  const receivers = users.map((user) => new Receiver(user.username, truth));
  const sockets = await inParallel(4, users, (user, index) => connect(user, { transports: 'websocket', prepare: (socket) => receivers[index].attach(socket) }));

  let sent = 0;
  const talk = async (count) => {
    for (let turn = 0; turn < count; turn += 1) {
      sent += 1;
      truth.agree(await send(sockets[sent % users.length], { roomId: room.id, content: `message ${sent}`, clientMessageId: `partition-${sent}` }), 'the ack');
    }
  };
  doing('talking with Redis');
  await talk(BEFORE);
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent)));

  doing('talking without Redis');
  await tell('cut');
  await talk(DURING);

  doing('receiving what was said without Redis');
  await tell('mend');
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent, 30_000)));

  doing('talking with Redis again');
  await talk(AFTER);
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent, 30_000)));
  return { messages: sent, sockets: sockets.length };
});
