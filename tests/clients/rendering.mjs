// What happens in a room is put into words once for each dialect in use on a gateway: not once for each socket, and
// not at all for dialects that nobody there speaks.
//
//   node rendering.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --admins http://127.0.0.1:9400,http://127.0.0.1:9401

import { Heard } from './lib/dialect.mjs';
import { createGroup, signUp } from './lib/rest.mjs';
import { doing, scenario } from './lib/scenario.mjs';
import { same } from './lib/shape.mjs';
import { ask } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';
import { io } from 'socket.io-client';

const MESSAGES = 10;
/** How many sockets speak what, on each of the two gateways. */
const SOCKETS = [{ native: 4, social: 3 }, { native: 1, heretics: 5 }];

const SAYS = { native: 'message:receive', social: 'chat:message', heretics: 'new-message' };

await scenario({ url: undefined, admins: undefined }, async ({ url, admins }) => {
  doing('connecting');
  const [ann, bob] = await Promise.all(url.map((one, at) => signUp(one, `user${at}`)));
  const room = await createGroup(ann, [bob]);
  const sockets = (await Promise.all([ann, bob].map((one, at) => arrive(one, SOCKETS[at], room)))).flat();

  const before = await Promise.all(admins.split(',').map(rendered));
  doing('talking');
  for (let number = 0; number < MESSAGES; number += 1) {
    await ask(sockets[0].heard.socket, 'message:send', { roomId: room.id, content: `number ${number}` });
  }
  for (const { heard, dialect } of sockets) await heard.times(MESSAGES, SAYS[dialect]);
  const after = await Promise.all(admins.split(',').map(rendered));
  SOCKETS.forEach((spoken, at) => {
    for (const dialect of ['native', 'social', 'chatspace', 'heretics', 'daylog']) {
      const times = (after[at][dialect] ?? 0) - (before[at][dialect] ?? 0);
      same(times, dialect in spoken ? MESSAGES : 0, `how often gateway ${at} put ${MESSAGES} messages into the words of ${dialect}`);
    }
  });
  return { sockets: sockets.length };
});

/** So many sockets of somebody, each one in the room. */
async function arrive(one, spoken, room) {
  const dialects = Object.entries(spoken).flatMap(([dialect, count]) => Array(count).fill(dialect));
  return Promise.all(dialects.map(async (dialect) => {
    const socket = io(dialect === 'native' ? one.url : `${one.url}/${dialect}`, { auth: { token: one.token }, forceNew: true });
    const heard = new Heard(`${one.username} in ${dialect}`, socket);
    if (dialect === 'native') await heard.once('ready');
    if (dialect === 'social') await until(async () => socket.connected && (await ask(socket, 'chat:join', { conversationId: room.id })).success, 'it to join');
    if (dialect === 'heretics') await heard.once('online-users');
    return { dialect, heard };
  }));
}

/** How many changes of rooms a gateway has put into the words of each dialect. */
async function rendered(admin) {
  const page = await (await fetch(`${admin}/metrics`)).text();
  const lines = page.matchAll(/^confab_gateway_rendered_changes_total\{dialect="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, dialect, count]) => [dialect, Number(count)]));
}
