// Redis is cut off from the gateways, or gone altogether, while people talk: every send is acked all the same, nobody is
// said to be offline but who has left, and when Redis is back everybody has everything, once and in order, without doing
// anything. With `--again 14000` it is killed again and again from 14 s on after it is back, when the gateways have had the
// time to tell of their sockets and would say who seems to be offline since the first time.
//
//   node partition.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT --away 10

import { createGroup, request, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const BEFORE = 20;
const DURING = 40;
const AFTER = 20;
/** Five seconds are promised; a machine that runs many tests at once gets twice that. */
const CATCH_UP_MS = 10_000;
/** With `--again`: for how long Redis is killed and started again, and how often. */
const FLAPPING_MS = 3_000;
const FLAP_MS = 500;
/** Nobody is said to be gone until all gateways that live have had the time to tell of their sockets. */
const LEFT_MS = 60_000;
const ASK_EVERY_MS = 100;

await scenario({ url: undefined, control: undefined, away: 1, again: 0, deadline: 120 }, async ({ url, control, away, again }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  const at = (index) => url[index % url.length];

  doing('connecting');
  const users = await inParallel(4, [0, 1, 2, 3], (index) => signUp(at(index), 'partition'));
  const room = await createGroup(users[0], users);
  const truth = new Truth();
  const receivers = users.map((user) => new Receiver(user.username, truth));
  const sockets = await inParallel(4, users, (user, index) => connect(user, { transports: 'websocket', prepare: (socket) => receivers[index].attach(socket) }));

  const leaver = await signUp(at(1), 'leaver');
  const leaving = await connect(leaver, { transports: 'websocket' });
  const gone = [];
  sockets[0].on('presence', (event) => { if (!event.online) gone.push(event); });
  const watched = await ask(sockets[0], 'presence:watch', { userIds: [...users.slice(1), leaver].map(({ id }) => id) });
  check(watched.ok, () => `presence:watch was answered ${quote(watched)}`);

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
  let [asking, asks] = [true, 0];
  const presenceOfOthers = async () => {
    asks += 1;
    const { status, body } = await request(at(asks), 'GET', `/api/users/${users[1].id}/presence`, { token: users[0].token });
    check((status === 200 && body.online) || body.code === 'PRESENCE_UNKNOWN', () => `presence of who is online is ${status} ${quote(body)}`);
    return !asking;
  };
  const asked = until(presenceOfOthers, 'the end of asking', 120_000, ASK_EVERY_MS);
  // It is waited for at the end.
  asked.catch(() => {});
  await tell('cut');
  leaving.disconnect();
  const back = Date.now() + away * 1_000;
  await talk(DURING);
  while (Date.now() < back) await talk(1);

  doing('receiving what was said without Redis');
  await tell('mend');
  let mended = performance.now();
  if (again) {
    doing('losing Redis again and again');
    for (let time = again; time < again + FLAPPING_MS; time += FLAP_MS) {
      await until(() => performance.now() >= mended + time, `${time} ms to be over`);
      await tell('cut');
      await tell('mend');
    }
    mended = performance.now();
  }
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent, CATCH_UP_MS)));
  const completeMs = Math.round(performance.now() - mended);

  doing('talking with Redis again');
  await talk(AFTER);
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent, 30_000)));

  doing('hearing who has left');
  await until(() => gone.length > 0, `${leaver.username} to be said to be offline`, LEFT_MS);
  asking = false;
  await asked;
  // Who else is said to be offline is so in the same moment: before the answer to what is asked for after it.
  await ask(sockets[0], 'presence:watch', { userIds: [leaver.id] });
  check(gone.length === 1 && gone[0].userId === leaver.id, () => `${leaver.id} has left, said to be offline: ${quote(gone)}`);
  return { messages: sent, sockets: sockets.length, completeMs };
});
