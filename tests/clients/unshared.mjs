// Redis is cut off from the gateways: each gives out its share of the budgets, sends are acknowledged, and when the
// line is mended the budgets are shared again, without anybody's doing.
//
//   node unshared.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --admins http://127.0.0.1:9400,http://127.0.0.1:9401 --control http://127.0.0.1:PORT

import { createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';
import { nobodyAlone, playWhile, PLAYS, refusal } from './limits/budget.mjs';

const MESSAGES = 6;
const REST = 600;
const AT_ONCE_MS = 5_000;

await scenario({ url: undefined, admins: undefined, control: undefined, deadline: 150 }, async ({ url: [here, there], admins, control }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  doing('connecting');
  // Somebody with a whole budget for each play.
  const people = await Promise.all(Array.from({ length: PLAYS }, async () => {
    const user = await signUp(here, 'unshared');
    const room = await createGroup(user, []);
    const sockets = [await connect(user, { url: here, transports: 'websocket' }), await connect(user, { url: there, transports: 'websocket' })];
    return { user, send: (at, content) => ask(sockets[at], 'message:send', { roomId: room.id, content }) };
  }));
  const [{ user: { token } }] = people;
  const limitAt = async (url) => Number((await request(url, 'GET', '/api/users/me', { token })).headers.get('ratelimit-limit'));
  const everywhere = (limit) => async () => (await limitAt(here)) === limit && (await limitAt(there)) === limit;
  await until(everywhere(REST), 'the whole budget to be the limit at first');

  doing('losing Redis');
  await tell('cut');
  let took;
  const halves = async () => {
    // Half of it, when each gateway has heard that there are two.
    await until(everywhere(REST / 2), 'each gateway to give out half of the budget');
    return async () => took < AT_ONCE_MS && everywhere(REST / 2)();
  };
  const taken = await playWhile(halves, async (play) => {
    doing('sending without Redis');
    const begun = Date.now();
    const counts = [];
    for (const at of [0, 1]) {
      let count = 0;
      let answer;
      for (; count <= MESSAGES; count += 1) {
        answer = await people[play].send(at, `message ${count}`);
        if (!answer.ok) break;
      }
      took = Date.now() - begun;
      check(refusal(answer)?.code === 'RATE_LIMITED' && refusal(answer).retryAfterMs > 0, () => `too many messages were answered ${quote(answer)}`);
      counts.push(count);
    }
    check(counts.every((count) => count === MESSAGES / 2), () => `the gateways took ${quote(counts)} messages, not half of ${MESSAGES} each`);
    check(took < AT_ONCE_MS, `${MESSAGES + 2} sends took ${took} ms: each has waited for Redis`);
    return counts;
  });

  doing('getting Redis back');
  await tell('mend');
  const shared = async () => {
    await until(everywhere(REST), 'the budget to be shared again', 30_000);
    return nobodyAlone(admins.split(','))();
  };
  const accepted = await playWhile(shared, async (play) => {
    doing('sending with Redis again');
    let count = 0;
    let refused;
    for (; !refused && count <= MESSAGES; count += refused ? 0 : 1) {
      refused = refusal(await people[play].send(count % 2, `message ${count}`));
    }
    check(refused && count === MESSAGES, () => `${count} messages were taken over both gateways, then ${quote(refused)}`);
    return count;
  });
  return { taken, accepted };
});
