// Redis is cut off from the gateways: each gives out its share of the budgets, sends are acknowledged, and when the
// line is mended the budgets are shared again, without anybody's doing.
//
//   node unshared.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:PORT

import { createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';
import { refusal } from './limits/budget.mjs';

const MESSAGES = 6;
const REST = 600;

await scenario({ url: undefined, control: undefined, deadline: 90 }, async ({ url: [here, there], control }) => {
  const tell = (command) => fetch(`${control}/${command}`, { method: 'POST' });
  doing('connecting');
  const user = await signUp(here, 'unshared');
  const room = await createGroup(user, []);
  const sockets = [await connect(user, { url: here, transports: 'websocket' }), await connect(user, { url: there, transports: 'websocket' })];
  const limitAt = async (url) => Number((await request(url, 'GET', '/api/users/me', { token: user.token })).headers.get('ratelimit-limit'));
  const everywhere = (limit) => async () => (await limitAt(here)) === limit && (await limitAt(there)) === limit;
  check(await everywhere(REST)(), 'the whole budget is not the limit at first');

  doing('losing Redis');
  await tell('cut');
  // Half of it, when each gateway has heard that there are two.
  await until(everywhere(REST / 2), 'each gateway to give out half of the budget');

  doing('sending without Redis');
  const begun = Date.now();
  const taken = [];
  for (const socket of sockets) {
    let count = 0;
    let answer;
    for (; count <= MESSAGES; count += 1) {
      answer = await ask(socket, 'message:send', { roomId: room.id, content: `message ${count}` });
      if (!answer.ok) break;
    }
    check(refusal(answer)?.code === 'RATE_LIMITED' && refusal(answer).retryAfterMs > 0, () => `too many messages were answered ${quote(answer)}`);
    taken.push(count);
  }
  check(taken.every((count) => count === MESSAGES / 2), () => `the gateways took ${quote(taken)} messages, not half of ${MESSAGES} each`);
  const took = Date.now() - begun;
  check(took < 5_000, `${MESSAGES + 2} sends took ${took} ms: each has waited for Redis`);

  doing('getting Redis back');
  await tell('mend');
  await until(everywhere(REST), 'the budget to be shared again', 30_000);
  let accepted = 0;
  let refused;
  for (; !refused && accepted <= MESSAGES; accepted += refused ? 0 : 1) {
    const answer = await ask(sockets[accepted % 2], 'message:send', { roomId: room.id, content: `message ${accepted}` });
    refused = refusal(answer);
  }
  check(refused && accepted === MESSAGES, () => `${accepted} messages were taken over both gateways, then ${quote(refused)}`);
  return { taken, accepted };
});
