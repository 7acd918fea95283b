// Many stock clients connect at the same moment, and lose their gateway at the same moment: all of them come in, though
// most were turned away at first, and what was said meanwhile comes to each once.
//
//   node storm.mjs --url http://127.0.0.1:8000 --control http://127.0.0.1:PORT    # POST /kill kills a gateway

import { createGroup, history, signUp } from './lib/rest.mjs';
import { Ledger } from './lib/ledger.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { send, socketOf } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const PATIENCE_MS = 100_000;
const TRANSPORTS = ['default', 'websocket', 'polling'];

await scenario({ url: undefined, control: undefined, sockets: 150, deadline: 220 }, async ({ url: [url], control, sockets: count }) => {
  doing('signing up');
  const users = await inParallel(4, [...Array(count).keys()], (index) => signUp(url, `storm${index}`));
  const room = await createGroup(users[0], users.slice(1));
  const ledger = new Ledger();
  const state = users.map(() => ({ ready: 0, refused: 0 }));
  const sockets = users.map((user, index) => {
    const cursors = {};
    const socket = socketOf(url, (answer) => answer({ token: user.token, cursors }), { transports: TRANSPORTS[index % TRANSPORTS.length] });
    socket.on('message:receive', (message) => {
      cursors[message.roomId] = message.rev;
      ledger.received(user.id, message);
    });
    socket.on('ready', () => { state[index].ready += 1; });
    socket.on('connect_error', (error) => {
      state[index].refused += 1;
      if (!socket.active) ledger.mistake(`${user.username} was refused for good: ${error.message}`);
    });
    return socket;
  });
  const allIn = () => sockets.every(({ connected }, index) => connected && state[index].ready > 0);

  doing('coming all at once');
  sockets.forEach((socket) => socket.connect());
  await until(allIn, () => `all to be in, ${state.filter(({ ready }) => !ready).length} are not`, PATIENCE_MS);
  const refusedAtFirst = state.reduce((sum, { refused }) => sum + refused, 0);
  ledger.acked(await send(sockets[0], { roomId: room.id, content: 'all are in', clientMessageId: 'first' }));
  await until(() => users.every(({ id }) => ledger.last(id, room.id) >= 1), 'everybody to have it', PATIENCE_MS);

  doing('losing a gateway');
  state.forEach((one) => { one.ready = 0; });
  const losses = sockets.filter(({ connected }) => connected).length;
  await fetch(`${control}/kill`, { method: 'POST' });
  await until(() => sockets.filter(({ connected }) => !connected).length > losses / 4, 'clients to notice', PATIENCE_MS);
  await until(() => sockets.every(({ connected }) => connected), () => `all to be back, ${sockets.filter(({ connected }) => !connected).length} are not`, PATIENCE_MS);
  const back = state.filter(({ ready }) => ready > 0).length;
  ledger.acked(await send(sockets[0], { roomId: room.id, content: 'all are back', clientMessageId: 'second' }));
  await until(() => users.every(({ id }) => ledger.last(id, room.id) >= 2), 'everybody to have that too', PATIENCE_MS);

  doing('counting');
  ledger.compare(room.id, await history(users[0], room.id));
  users.forEach((user) => ledger.close(user, room.id));
  const { mistakes } = ledger.outcome;
  check(mistakes.length === 0, () => `${mistakes.length} mistakes, the first: ${mistakes[0]}`);
  sockets.forEach((socket) => socket.disconnect());
  return { sockets: count, refusedAtFirst, back };
});
