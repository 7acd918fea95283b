// Access tokens that expire on live sockets: renewed while messages flow, or told and closed.
//
//   node renew.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401
//
// ACCESS_TOKEN_TTL has to be 15 s, SESSION_EXPIRY_GRACE a few seconds.

import { ask as askRest, claims, createGroup, signUp } from './lib/rest.mjs';
import { Receiver } from './lib/receiver.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

/** A token that has no longer to live is renewed: early enough for a machine that stalls. */
const RENEW_MS = 9_000;

await scenario({ url: undefined, gateways: undefined, deadline: 120 }, async ({ url: [url], gateways }) => {
  const [here, there] = gateways.split(',');
  doing('connecting');
  const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((name) => signUp(url, name)));
  const room = await createGroup(alice, [bob, carol]);
  const losses = { alice: [], bob: [], carol: [] };
  const expired = { alice: [], bob: [], carol: [] };
  const receiver = new Receiver('bob');
  const open = (name, user, at) => connect(user, {
    url: at,
    prepare: (socket) => {
      socket.on('disconnect', (reason) => losses[name].push(reason)).on('session:expired', (event) => expired[name].push(event));
      if (name === 'bob') receiver.attach(socket);
    },
  });
  const [alices, bobs, carols] = await Promise.all([open('alice', alice, here), open('bob', bob, there), open('carol', carol, there)]);

  doing('renewing while messages flow');
  let last;
  const renew = async (user, socket) => {
    const before = claims(user);
    const pair = await askRest(url, 'POST', '/api/auth/refresh', { body: { refreshToken: user.refreshToken } });
    Object.assign(user, { token: pair.accessToken, refreshToken: pair.refreshToken });
    check(claims(user).sid === before.sid, 'a refreshed token is of another session');
    const answer = await ask(socket, 'session:renew', { token: user.token });
    check(answer.ok === true && Date.parse(answer.expiresAt) === claims(user).exp * 1000, () => `session:renew was answered ${quote(answer)}, the token expires at ${claims(user).exp}`);
  };
  const firstExpiry = Math.max(claims(alice).exp, claims(bob).exp) * 1000;
  // Until the first tokens would have been closed long ago.
  const done = firstExpiry + 8_000;
  const renewing = (async () => {
    while (Date.now() < done) {
      const soonest = Math.min(claims(alice).exp, claims(bob).exp) * 1000;
      if (soonest - Date.now() < RENEW_MS) await Promise.all([renew(alice, alices), renew(bob, bobs)]);
      else await send(alices, { roomId: room.id, content: 'between' }).then((message) => { last = message; });
    }
  })();
  while (Date.now() < done) last = await send(alices, { roomId: room.id, content: 'flowing' });
  await renewing;
  last = await send(alices, { roomId: room.id, content: 'the last' });
  await receiver.got(room.id, last.seq);
  check(losses.alice.length + losses.bob.length + expired.alice.length + expired.bob.length === 0, () => `renewed sockets were lost ${quote(losses)} or told ${quote(expired)}`);

  doing('not renewing');
  await until(() => losses.carol.length > 0, 'the socket that was not renewed to be closed');
  check(Date.now() >= claims(carol).exp * 1000, 'it was closed before its token expired');
  // The stock client comes back by itself; with the old token it is refused, once that has expired for longer than
  // clocks may differ, and gives up. Each time it is told once before it is closed.
  await until(() => !carols.active, 'the client with the old token to give up');
  const told = expired.carol.filter(({ closesInMs }) => closesInMs > 0).length;
  check(told === losses.carol.length && told === expired.carol.length, () => `before it was closed, it was told ${quote(expired.carol)} and lost ${quote(losses.carol)}`);

  doing('coming back with a new token');
  const pair = await askRest(url, 'POST', '/api/auth/refresh', { body: { refreshToken: carol.refreshToken } });
  carols.auth = { token: pair.accessToken };
  const ready = new Promise((resolve) => { carols.once('ready', resolve); });
  carols.connect();
  check((await ready).rooms.some(({ id }) => id === room.id), 'the room is gone');
  return { messages: last.seq };
});
