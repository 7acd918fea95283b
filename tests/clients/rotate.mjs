// Signing keys that change while sockets are open and messages flow: nobody notices.
//
//   node rotate.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401 --control http://127.0.0.1:9000
//
// `--control` rotates the keys on `POST /rotate`.

import { ask as askRest, createGroup, signUp } from './lib/rest.mjs';
import { Receiver } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';

const ROTATIONS = 3;
const header = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));

await scenario({ url: undefined, gateways: undefined, control: undefined, deadline: 90 }, async ({ url: [url], gateways, control }) => {
  const [here, there] = gateways.split(',');
  doing('connecting');
  const [alice, bob] = await Promise.all([signUp(url, 'alice'), signUp(url, 'bob')]);
  const room = await createGroup(alice, [bob]);
  const losses = [];
  const receiver = new Receiver('bob');
  const lost = (socket) => socket.on('disconnect', (reason) => losses.push(reason));
  const [alices, bobs] = await Promise.all([
    connect(alice, { url: here, prepare: lost }),
    connect(bob, { url: there, prepare: (socket) => receiver.attach(lost(socket)) }),
  ]);
  const kids = new Set([header(alice.token).kid]);
  const oldest = alice.token;

  let flowing = true;
  let last;
  const flow = (async () => {
    while (flowing) last = await send(alices, { roomId: room.id, content: 'flowing' });
  })();
  for (let round = 1; round <= ROTATIONS; round += 1) {
    doing(`rotating, round ${round}`);
    await fetch(`${control}/rotate`, { method: 'POST' });
    const pair = await askRest(url, 'POST', '/api/auth/refresh', { body: { refreshToken: alice.refreshToken } });
    Object.assign(alice, { token: pair.accessToken, refreshToken: pair.refreshToken });
    kids.add(header(alice.token).kid);
    check(kids.size === round + 1, () => `after ${round} rotations tokens had the keys ${quote([...kids])}`);
    for (const at of [here, there]) {
      // A gateway that has never seen the key: it asks for it, and lets nobody down meanwhile.
      await askRest(at, 'GET', '/api/users/me', { token: alice.token });
      await askRest(at, 'GET', '/api/users/me', { token: oldest });
      const fresh = await connect(alice, { url: at });
      fresh.disconnect();
    }
    const renewed = await ask(alices, 'session:renew', { token: alice.token });
    check(renewed.ok === true, () => `renewing with a token of the new key was answered ${quote(renewed)}`);
  }
  flowing = false;
  await flow;
  await receiver.got(room.id, last.seq);
  check(losses.length === 0 && alices.connected && bobs.connected, () => `sockets were lost: ${quote(losses)}`);

  doing('reading the public keys');
  const published = new Set((await askRest(url, 'GET', '/.well-known/jwks.json')).keys.map(({ kid }) => kid));
  check([...kids].every((kid) => published.has(kid)), () => `the tokens had ${quote([...kids])}, published are ${quote([...published])}`);
  return { rotations: ROTATIONS, messages: last.seq };
});
