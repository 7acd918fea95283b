// Sockets come back while Redis comes and goes, each with the cursor of everything it has had: nothing comes to them
// again, whatever the gateway finds out at that moment of rooms that it may have missed.
//
//   node returning.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { createGroup, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { inParallel } from './lib/wait.mjs';

const HISTORY = 60;
const SOCKETS = 8;

await scenario({ url: undefined, control: undefined, rounds: 6, deadline: 150 }, async ({ url, control, rounds }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  doing('talking');
  const [alice, bob] = await Promise.all([signUp(url[0], 'alice'), signUp(url.at(-1), 'bob')]);
  const alices = await connect(alice, { transports: 'websocket' });
  const rooms = await inParallel(4, [...Array(10).keys()], (number) => createGroup(alice, [bob], `room ${number}`));
  const cursors = {};
  await inParallel(4, rooms, async ({ id }) => {
    for (let number = 0; number < HISTORY; number += 1) cursors[id] = (await send(alices, { roomId: id, content: `${number}` })).rev;
  });

  const mistakes = [];
  const come = async (index) => {
    const prepare = (socket) => {
      socket.auth = { token: bob.token, cursors };
      socket.on('message:receive', ({ roomId, seq }) => mistakes.push(`seq ${seq} of ${roomId} came again`));
      socket.on('room:created', ({ id }) => mistakes.push(`room ${id} was shown as new`));
    };
    const socket = await connect(bob, { url: url[index % url.length], transports: 'websocket', prepare });
    check(socket.snapshot.rooms.every(({ resync }) => !resync), () => `ready says ${quote(socket.snapshot.rooms)}`);
    return socket;
  };
  for (let round = 0; round < rounds; round += 1) {
    doing(`coming back while Redis does, round ${round}`);
    await tell('cut');
    const early = [...Array(SOCKETS).keys()].map(come);
    await tell('mend');
    const sockets = await Promise.all([...early, ...[...Array(SOCKETS).keys()].map(come)]);
    check(mistakes.length === 0, () => `${mistakes.length} mistakes, the first: ${mistakes[0]}`);
    sockets.forEach((socket) => socket.disconnect());
  }
  alices.disconnect();
  return { rounds, sockets: 2 * SOCKETS * rounds };
});
