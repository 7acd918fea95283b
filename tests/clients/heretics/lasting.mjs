// Seed 002 verifies a token when a socket connects, and never again: Clerk's live a minute, and its client has no
// event to bring a newer one with. A socket has to outlive its token.
//
//   node heretics/lasting.mjs --url http://127.0.0.1:8080 --issuer http://127.0.0.1:9000 [--prefix ""] [--grace 30]
//
// `--grace`: the SESSION_EXPIRY_GRACE of the gateways in seconds, after which sockets of other dialects are closed.

import { request } from '../lib/rest.mjs';
import { check, doing, scenario } from '../lib/scenario.mjs';
import { until } from '../lib/wait.mjs';
import { arrive, chatWith, introduced, issuers, mint, OPTIONS, person } from './people.mjs';

const TTL_SECONDS = 3;
const CLOSING_SECONDS = 5;

await scenario({ ...OPTIONS, grace: 30, deadline: 120 }, async (args) => {
  const server = args.url[0] + args.prefix;
  const [issuer] = await issuers(args);
  const { audience } = args;
  const [alice, bob] = await introduced(['alice', 'bob'].map((name) => person(name, { issuer, audience, server })));
  doing('connecting with a token that ends soon');
  const { token } = await mint(issuer, { claims: { sub: alice.sub, aud: audience }, ttl: TTL_SECONDS });
  const alices = await arrive({ ...alice, getToken: async () => token });
  const losses = [];
  alices.socket.on('disconnect', (reason) => losses.push(reason));
  const bobs = await arrive(bob);
  const { _id: chatId } = await chatWith(bobs, alice);

  doing('waiting for its end');
  await until(async () => (await request(server, 'GET', '/api/auth/me', { token })).status === 401, 'the token to be over', 90_000);
  const closed = Date.now() + (args.grace + CLOSING_SECONDS) * 1_000;
  await until(() => losses.length > 0 || Date.now() > closed, 'the grace to pass', 90_000);
  check(losses.length === 0, () => `the socket was closed (${losses}), and cannot come back`);

  doing('talking on');
  bobs.send(chatId, 'are you still there?');
  await alices.heard.once('new-message');
  alices.send(chatId, 'I am');
  await bobs.heard.times(2, 'new-message');
});
