// Dialects that tell a client nothing but that it is connected: it hears all that is said from then on.
//
//   node at-once.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { Heard } from './lib/dialect.mjs';
import { ask as rest, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';
import { io } from 'socket.io-client';

const ROUNDS = 25;
const SAYS = {
  chatspace: ['newMessage', ({ text }) => text],
  heretics: ['new-message', ({ text }) => text],
  daylog: ['new_message', ({ message }) => message.content],
};

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [ann, bob] = await Promise.all([signUp(url[0], 'ann'), signUp(url.at(-1), 'bob')]);
  const room = await rest(ann.url, 'POST', '/api/rooms', { token: ann.token, body: { isGroup: false, memberIds: [bob.id] } });
  const anns = await connect(ann, { transports: 'websocket' });
  for (const [dialect, [event, said]] of Object.entries(SAYS)) {
    doing(`talking to who has just connected in ${dialect}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      const socket = io(`${url[round % url.length]}/${dialect}`, { auth: { token: bob.token }, forceNew: true, transports: ['websocket'] });
      const heard = new Heard(`Bob in ${dialect}`, socket);
      const text = `${dialect} ${round}`;
      await until(() => socket.connected, 'Bob to connect', 20_000, 1);
      await send(anns, { roomId: room.id, content: text });
      await send(anns, { roomId: room.id, content: `${text}, again` });
      const found = () => heard.of(event).map(said);
      await until(() => found().includes(`${text}, again`), () => `Bob to hear ${text}, he is ${socket.connected ? 'connected' : 'not connected'} and heard ${quote(heard.all)}`);
      check(quote(found()) === quote([text, `${text}, again`]), () => `Bob heard ${quote(found())} in round ${round}`);
      socket.disconnect();
    }
  }
  return { rounds: ROUNDS };
});
