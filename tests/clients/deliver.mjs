// One room, N users, one balancer: every socket gets every message exactly once, in order, and as the ack said.
//
//   node deliver.mjs --url http://127.0.0.1:8000 --transports default --users 6 --messages 200

import { history, createGroup, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send, transportOf, upgraded } from './lib/socket.mjs';
import { inParallel } from './lib/wait.mjs';

await scenario({ url: undefined, transports: 'default', users: 6, messages: 200 }, async ({ url, transports, users: count, messages: total }) => {
  const at = (index) => url[index % url.length];
  doing('signing up');
  const users = await inParallel(4, [...Array(count).keys()], (index) => signUp(at(index), 'deliver'));
  const room = await createGroup(users[0], users);

  doing('connecting');
  const truth = new Truth();
  const receivers = users.map((user) => new Receiver(user.username, truth));
  const sockets = await inParallel(8, users, (user, index) => connect(user, { transports, prepare: (socket) => receivers[index].attach(socket) }));

  // At once, so that a default client sends and receives while it changes its transport.
  doing('sending');
  const acks = await inParallel(total, [...Array(total).keys()], async (index) => {
    const content = `message ${index} of ${total}`;
    const clientMessageId = `deliver-${index}`;
    const message = await send(sockets[index % count], { roomId: room.id, content, clientMessageId });
    check(message.content === content && message.clientMessageId === clientMessageId, () => `the ack of ${clientMessageId} is for ${quote(message)}`);
    check(message.from === users[index % count].id && message.roomId === room.id, () => `wrong sender or room: ${quote(message)}`);
    return message;
  });
  acks.forEach((message) => truth.agree(message, 'the ack'));
  const seqs = acks.map(({ seq }) => seq).sort((a, b) => a - b);
  check(seqs.every((seq, index) => seq === index + 1), `the acks do not carry seq 1..${total}, each once`);

  doing('receiving');
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, total)));

  doing('upgrading');
  if (transports === 'default') await Promise.all(sockets.map(upgraded));
  const ended = sockets.map(transportOf);
  const expected = transports === 'polling' ? 'polling' : 'websocket';
  check(ended.every((name) => name === expected), `asked for ${transports}, ended on ${ended}`);

  // A message after the upgrade also shows that nothing came late or again in between.
  doing('sending after the upgrade');
  truth.agree(await send(sockets[0], { roomId: room.id, content: 'the last one', clientMessageId: 'deliver-last' }), 'the ack');
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, total + 1)));

  doing('reading history');
  const log = await history(users.at(-1), room.id);
  check(log.length === total + 1 && log.every(({ seq }, index) => seq === index + 1), `history is not seq 1..${total + 1}`);
  log.forEach((message) => truth.agree(message, 'history'));

  receivers.forEach((receiver) => receiver.check());
  sockets.forEach((socket) => socket.disconnect());
  const byTransport = Object.fromEntries([...new Set(ended)].map((name) => [name, ended.filter((other) => other === name).length]));
  return { users: count, messages: total + 1, deliveries: receivers.reduce((sum, { count: got }) => sum + got, 0), transports: byTransport, roomId: room.id };
});
