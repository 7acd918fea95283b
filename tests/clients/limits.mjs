// Every limit, on two gateways that share the budgets.
//
//   node limits.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401
//
// The limits that it expects are those that tests/e2e/limits.rs gives the gateways.

import { scenario } from './lib/scenario.mjs';
import { handshakes, refreshes, rest, signUps } from './limits/addresses.mjs';
import { logins } from './limits/logins.mjs';
import { events, eventsOfDialects, messages, typing } from './limits/users.mjs';

await scenario({ url: undefined, gateways: undefined, deadline: 120 }, async ({ url: [balancer], gateways }) => {
  const urls = gateways.split(',');
  await messages(urls);
  await typing(urls);
  await events(urls);
  await eventsOfDialects(urls);
  await handshakes(urls, balancer);
  await signUps(urls);
  await refreshes(urls);
  await rest(urls);
  await logins(urls);
  return { limits: 10 };
});
