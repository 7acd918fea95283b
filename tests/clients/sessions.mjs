// Logins of one person on several devices: seen, ended by one another, kept alive by a cookie, and nobody else's.
//
//   node sessions.mjs --url http://127.0.0.1:8080 --gateways http://127.0.0.1:7400,http://127.0.0.1:7401
//
// REFRESH_REUSE_GRACE has to be a few seconds: longer than two refreshes at once may take, and it is waited out.

import { ask as askRest, claims, createGroup, logIn, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send, socketOf } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

/** Within a second of the request that ends them, sockets are closed; where the machine stalls, half of them are. */
const WITHIN_MS = 1_000;
const LONGEST_MS = 10_000;

/** How long it took to close each socket. */
const times = [];

/** A device with an open socket that remembers what became of it. */
async function device(user, url) {
  const told = [];
  const losses = [];
  const received = [];
  const socket = await connect(user, {
    url,
    prepare: (one) => one
      .on('session:revoked', (event) => told.push(event))
      .on('disconnect', (reason) => losses.push(reason))
      .on('message:receive', (message) => received.push(message)),
  });
  return { user, socket, told, losses, received, session: claims(user).sid };
}

/** The device was told, and closed for good; notes how long after `since`. */
async function isGone(what, { socket, told, losses, session }, since) {
  await until(() => losses.length > 0, `the socket of ${what} to be closed`, LONGEST_MS);
  const took = Date.now() - since;
  check(took < LONGEST_MS, `closing the socket of ${what} took ${took} ms`);
  times.push(took);
  check(told.length === 1 && told[0].sessionId === session, () => `${what} was told ${quote(told)}`);
  check(losses[0] === 'io server disconnect' && !socket.active, `${what} was lost by ${losses[0]} and may come back`);
}

const refused = async (what, promise, status, code) => {
  const answer = await promise;
  check(answer.status === status && answer.body.code === code, () => `${what} was answered ${answer.status} ${quote(answer.body)}, not ${status} ${code}`);
  return answer;
};

await scenario({ url: undefined, gateways: undefined, deadline: 120 }, async ({ url: [url], gateways }) => {
  const [here, there] = gateways.split(',');
  doing('logging in on five devices');
  const [alice, bob] = await Promise.all([signUp(url, 'alice'), signUp(url, 'bob')]);
  const room = await createGroup(alice, [bob]);
  const mine = { token: alice.token };
  const logins = await Promise.all(Array.from({ length: 4 }, () => logIn(alice, { url, headers: { 'user-agent': 'a phone' } })));
  const [desk, phone, tablet, tv, watch] = await Promise.all([alice, ...logins].map((login, at) => device(login, at % 2 ? there : here)));
  const bobs = await device(bob, there);

  doing('listing them');
  const { sessions } = await askRest(url, 'GET', '/api/auth/sessions', mine);
  check(sessions.length === 5 && sessions.filter(({ current }) => current).length === 1, () => `the sessions are ${quote(sessions)}`);
  check(sessions.find(({ current }) => current).id === desk.session, 'another session is said to be the current one');
  for (const session of sessions.filter(({ current }) => !current)) {
    check(session.userAgent === 'a phone' && /^127\.0\.0\.1$|^::1$/.test(session.address) && session.createdAt && session.lastUsedAt, () => `a session shows as ${quote(session)}`);
  }

  doing('ending one on the other gateway');
  let since = Date.now();
  await askRest(here, 'DELETE', `/api/auth/sessions/${phone.session}`, mine);
  await isGone('the phone', phone, since);
  await refused('refreshing it', request(url, 'POST', '/api/auth/refresh', { body: { refreshToken: phone.user.refreshToken } }), 401, 'REFRESH_TOKEN_INVALID');
  await refused('ending it again', request(url, 'DELETE', `/api/auth/sessions/${phone.session}`, mine), 404, 'SESSION_NOT_FOUND');
  for (const at of [here, there]) {
    // Its access token has not expired; still no socket gets in with it.
    const again = socketOf(at, { token: phone.user.token });
    const seen = [];
    again.on('ready', () => seen.push('ready')).on('session:revoked', () => seen.push('revoked')).on('disconnect', (reason) => seen.push(reason));
    again.connect();
    await until(() => seen.includes('io server disconnect'), () => `the phone to be refused, it saw ${quote(seen)}`);
    check(!seen.includes('ready') && seen.includes('revoked'), () => `coming back with the old token, the phone saw ${quote(seen)}`);
  }

  doing("trying another user's session");
  await refused("ending Alice's session as Bob", request(url, 'DELETE', `/api/auth/sessions/${tablet.session}`, { token: bob.token }), 404, 'SESSION_NOT_FOUND');
  await refused('ending a session that is none', request(url, 'DELETE', `/api/auth/sessions/${'f'.repeat(24)}`, mine), 404, 'SESSION_NOT_FOUND');
  await refused('ending nonsense', request(url, 'DELETE', '/api/auth/sessions/nonsense', mine), 400, 'FIELD_INVALID');
  await refused('listing without a token', request(url, 'GET', '/api/auth/sessions'), 401, 'TOKEN_MISSING');
  const { sessions: bobsOwn } = await askRest(url, 'GET', '/api/auth/sessions', { token: bob.token });
  check(bobsOwn.length === 1 && bobsOwn[0].id === bobs.session, () => `Bob sees ${quote(bobsOwn)}`);
  const mismatch = await ask(bobs.socket, 'session:renew', { token: alice.token });
  check(mismatch.ok === false && mismatch.error.code === 'SESSION_MISMATCH', () => `renewing with another user's token was answered ${quote(mismatch)}`);
  const garbage = await ask(bobs.socket, 'session:renew', { token: 'garbage' });
  check(garbage.ok === false && garbage.error.code === 'TOKEN_INVALID', () => `renewing with garbage was answered ${quote(garbage)}`);

  doing('refreshing by cookie');
  const entry = await request(url, 'POST', '/api/auth/login', { body: { username: alice.username, password: 'correct horse battery staple' }, headers: { 'x-forwarded-proto': 'https' } });
  const [cookie] = entry.cookies;
  check(/^confab_refresh=[0-9a-f]{24}\.[0-9a-f]{80}; Path=\/api\/auth; Max-Age=\d+; HttpOnly; SameSite=Strict/.test(cookie), `the cookie is ${cookie}`);
  const held = cookie.split(';')[0];
  await refused('a page of another site', request(url, 'POST', '/api/auth/refresh', { headers: { cookie: held, origin: 'https://evil.example' } }), 403, 'ORIGIN_FORBIDDEN');
  await refused('no token at all', request(url, 'POST', '/api/auth/refresh'), 401, 'REFRESH_TOKEN_MISSING');
  await refused('the cookie elsewhere', request(url, 'GET', '/api/auth/sessions', { headers: { cookie: held } }), 401, 'TOKEN_MISSING');
  const renewed = await request(url, 'POST', '/api/auth/refresh', { headers: { cookie: held, origin: url } });
  check(renewed.status === 200 && renewed.cookies[0].startsWith(`confab_refresh=${renewed.body.refreshToken};`), () => `refreshing by cookie was answered ${renewed.status} ${quote(renewed.body)}, ${renewed.cookies}`);

  doing('two tabs that refresh at once');
  const both = await Promise.all([here, there].map((at) => askRest(at, 'POST', '/api/auth/refresh', { headers: { cookie: `confab_refresh=${renewed.body.refreshToken}` } })));
  check(both[0].refreshToken === both[1].refreshToken, 'two at once got two refresh tokens');

  doing('using a spent token again');
  const thief = await device({ ...alice, token: both[0].accessToken }, there);
  let answer;
  await until(async () => {
    answer = await request(here, 'POST', '/api/auth/refresh', { headers: { cookie: held } });
    return answer.status === 401;
  }, () => `the grace to pass, the last answer was ${quote(answer)}`, 20_000, 100);
  await until(() => thief.losses.length, 'the socket of the stolen session to be closed', LONGEST_MS);
  check(thief.told.length === 1 && !thief.socket.active, 'the socket of a session whose token was used again is not closed for good');
  await refused('the newest token of it', request(url, 'POST', '/api/auth/refresh', { body: { refreshToken: both[0].refreshToken } }), 401, 'REFRESH_TOKEN_INVALID');

  doing('logging out');
  since = Date.now();
  const out = await request(here, 'POST', '/api/auth/logout', { headers: { cookie: `confab_refresh=${tablet.user.refreshToken}` } });
  check(out.status === 204 && out.cookies[0].startsWith('confab_refresh=; Path=/api/auth; Max-Age=0'), () => `logging out was answered ${out.status}, ${out.cookies}`);
  await isGone('the tablet', tablet, since);

  doing('changing the password');
  const password = (currentPassword, newPassword) => request(there, 'POST', '/api/users/me/password', { ...mine, body: { currentPassword, newPassword } });
  await refused('a wrong password', password('a guess of mine', 'another secret'), 403, 'PASSWORD_WRONG');
  const another = await device(await logIn(alice, { url }), there);
  since = Date.now();
  const changed = await password('correct horse battery staple', 'another secret');
  check(changed.status === 204, () => `changing the password was answered ${changed.status} ${quote(changed.body)}`);
  await Promise.all([isGone('the television', tv, since), isGone('the clock', watch, since), isGone('the other one', another, since)]);

  doing('ending all others');
  const late = await device(await logIn(alice, { url, password: 'another secret' }), there);
  since = Date.now();
  await askRest(url, 'DELETE', '/api/auth/sessions', mine);
  await isGone('the late one', late, since);
  check((await askRest(url, 'GET', '/api/auth/sessions', mine)).sessions.length === 1, 'there are sessions left');

  const median = [...times].sort((one, other) => one - other)[Math.floor((times.length - 1) / 2)];
  check(times.length === 6 && median < WITHIN_MS, () => `closing the sockets took ${quote(times)} ms`);

  doing('talking on');
  const message = await send(desk.socket, { roomId: room.id, content: 'still here' });
  await until(() => [desk, bobs].every(({ received }) => received.some(({ id }) => id === message.id)), 'the message to arrive');
  check(desk.losses.length === 0 && bobs.losses.length === 0, 'a socket was closed whose session goes on');
  check([phone, tablet, tv, watch, another, late].every(({ received, losses }) => received.length === 0 && losses.length === 1), 'an ended session heard a message, or came back');
  return { ended: 7 };
});
