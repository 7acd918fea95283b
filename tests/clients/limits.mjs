// Every limit, on two gateways that share the budgets.
//
//   node limits.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401 --admins http://127.0.0.1:9400,http://127.0.0.1:9401
//
// The limits that it expects are those that tests/e2e/limits.rs gives the gateways. A part in which a gateway decided
// without Redis, because that was late, is played again.

import { scenario } from './lib/scenario.mjs';
import { handshakes, refreshes, rest, signUps } from './limits/addresses.mjs';
import { nobodyAlone, playWhile } from './limits/budget.mjs';
import { logins } from './limits/logins.mjs';
import { events, eventsOfDialects, messages, typing } from './limits/users.mjs';

const PARTS = [messages, typing, events, eventsOfDialects, handshakes, signUps, refreshes, rest, logins];

await scenario({ url: undefined, gateways: undefined, admins: undefined, deadline: 200 }, async ({ url: [balancer], gateways, admins }) => {
  const urls = gateways.split(',');
  for (const part of PARTS) await playWhile(nobodyAlone(admins.split(',')), () => part(urls, balancer));
  return { limits: 10 };
});
