// The same clientMessageId, sent many times at once over every gateway: one message, and the same ack for all.
//
//   node idempotent.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401,http://127.0.0.1:7402

import { isDeepStrictEqual } from 'node:util';
import { ask as restAsk, createGroup, history, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';

await scenario({ url: undefined, repeats: 50, rounds: 5 }, async ({ url, repeats, rounds }) => {
  doing('connecting');
  const [alice, bob] = await Promise.all([signUp(url[0], 'alice'), signUp(url.at(-1), 'bob')]);
  const room = await createGroup(alice, [bob]);
  const truth = new Truth();
  const receivers = [];
  const open = (user, at) => connect(user, { url: at, transports: 'websocket', prepare: (socket) => receivers.push(new Receiver(`${user.username} at ${at}`, truth).attach(socket)) });
  const sockets = await Promise.all(url.map((at) => open(alice, at)));
  await Promise.all(url.map((at) => open(bob, at)));

  // More than one round: the race is won differently each time.
  for (let round = 1; round <= rounds; round += 1) {
    doing(`round ${round}`);
    const payload = { roomId: room.id, content: `once, whatever happens (${round})`, clientMessageId: `idempotent-${round}` };
    const acks = await Promise.all(Array.from({ length: repeats }, (_, index) => ask(sockets[index % sockets.length], 'message:send', payload)));
    check(acks[0].ok === true, () => `the ack is ${quote(acks[0])}`);
    const odd = acks.find((ack) => !isDeepStrictEqual(ack, acks[0]));
    check(!odd, () => `two acks differ: ${quote(acks[0])} and ${quote(odd)}`);
    check(acks[0].message.seq === round, `round ${round} got seq ${acks[0].message.seq}`);
    truth.agree(acks[0].message, 'the ack');
  }

  doing('repeating later, by REST, on the last gateway');
  const again = await restAsk(url.at(-1), 'POST', `/api/rooms/${room.id}/messages`, {
    token: alice.token, body: { content: 'once, whatever happens (1)', clientMessageId: 'idempotent-1' },
  });
  truth.agree(again.message ?? again, 'the REST answer');

  doing('sending the same id as somebody else');
  const other = await connect(bob, { transports: 'websocket' });
  const foreign = await send(other, { roomId: room.id, content: 'mine', clientMessageId: 'idempotent-1' });
  check(foreign.seq === rounds + 1 && foreign.content === 'mine', () => `Bob's message of that id is ${quote(foreign)}`);

  // It came after everything else, so whoever has it has had whatever would have come twice.
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, rounds + 1)));
  const log = await history(bob, room.id);
  check(log.length === rounds + 1, `history holds ${log.length} messages instead of ${rounds + 1}`);
  log.forEach((message) => truth.agree(message, 'history'));
  receivers.forEach((receiver) => receiver.check());
  return { acks: repeats * rounds, messages: log.length, sockets: receivers.length };
});
