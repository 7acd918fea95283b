// The store is cut off while people talk: sends and reads are refused with the time to come back, what needs no store
// goes on, nobody is disconnected; when the store is back, what was refused is sent again, and everybody has everything.
//
//   node away.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { createGroup, request, signUp } from './lib/rest.mjs';
import { Receiver, Truth } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const BEFORE = 10;
/** So many at a time, again and again while the store is away. */
const BURST = 20;
const BURSTS = 5;

await scenario({ url: undefined, control: undefined, deadline: 120 }, async ({ url, control }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  const at = (index) => url[index % url.length];

  doing('connecting');
  const users = await inParallel(3, [0, 1, 2], (index) => signUp(at(index), 'away'));
  const room = await createGroup(users[0], users);
  const truth = new Truth();
  const receivers = users.map((user) => new Receiver(user.username, truth));
  const losses = [];
  const sockets = await inParallel(3, users, (user, index) => connect(user, {
    transports: 'websocket',
    prepare: (socket) => {
      receivers[index].attach(socket);
      socket.on('disconnect', (reason) => losses.push(reason));
    },
  }));
  const message = (number) => ({ roomId: room.id, content: `message ${number}`, clientMessageId: `away-${number}` });
  let sent = 0;
  for (; sent < BEFORE; sent += 1) truth.agree(await send(sockets[sent % 3], message(sent)), 'the ack');

  doing('sending without a store');
  await tell('cut');
  // Who gave it no name is not invited to send it twice: it may be written, or come yet.
  const nameless = await ask(sockets[0], 'message:send', { roomId: room.id, content: 'nameless' });
  check(nameless.ok === false, () => `a send without a store was answered ${quote(nameless)}`);
  const { code, retryAfterMs } = nameless.error;
  check(code === 'DEADLINE_EXCEEDED' ? retryAfterMs === undefined : retryAfterMs > 0, () => `a send without a name was answered ${quote(nameless)}`);

  const refused = [];
  const codes = {};
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const numbers = Array.from({ length: BURST }, (_, index) => BEFORE + burst * BURST + index);
    await Promise.all(numbers.map(async (number) => {
      const answer = await ask(sockets[number % 3], 'message:send', message(number));
      check(answer.ok === false && answer.error.retryAfterMs > 0, () => `a send without a store was answered ${quote(answer)}`);
      check(['STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'OVERLOADED'].includes(answer.error.code), () => `a send without a store was answered ${quote(answer)}`);
      codes[answer.error.code] = (codes[answer.error.code] ?? 0) + 1;
      refused.push(number);
    }));
  }

  doing('reading without a store');
  const { status, body, headers } = await request(url[0], 'GET', `/api/rooms/${room.id}/messages`, { token: users[0].token });
  check([503, 504].includes(status) && body.retryAfterMs > 0 && headers.has('retry-after'), () => `history without a store is ${status} ${quote(body)}`);

  doing('typing without a store');
  let seen = false;
  sockets[1].on('typing', () => { seen = true; });
  const typed = await ask(sockets[0], 'typing', { roomId: room.id, isTyping: true });
  check(typed.ok, () => `typing without a store was answered ${quote(typed)}`);
  await until(() => seen, 'somebody to be seen typing');

  doing('sending again what was refused');
  await tell('mend');
  for (const number of refused.sort((one, other) => one - other)) {
    let answer;
    await until(async () => {
      answer = await ask(sockets[number % 3], 'message:send', message(number));
      return answer.ok;
    }, () => `message ${number} to be taken, not ${quote(answer)}`, 30_000, 100);
    truth.agree(answer.message, 'the ack');
    sent += 1;
  }
  await Promise.all(receivers.map((receiver) => receiver.got(room.id, sent, 30_000)));
  check(losses.length === 0, () => `sockets were lost meanwhile: ${losses}`);
  return { messages: sent, codes };
});
