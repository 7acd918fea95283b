// What one address may do: connections, sign-ups, renewals, requests.

import { randomBytes } from 'node:crypto';
import { request } from '../lib/rest.mjs';
import { check, doing, quote } from '../lib/scenario.mjs';
import { ask, connect, socketOf } from '../lib/socket.mjs';
import { openWebSocket } from '../lib/raw.mjs';
import { until } from '../lib/wait.mjs';
import { comesBack, fromElsewhere, fullBudget, signUpFrom, somebody, useUp } from './budget.mjs';

export async function handshakes([here, there], balancer) {
  doing('connecting too often from one address');
  const user = await somebody(here);
  const extraHeaders = fromElsewhere();
  const at = (number) => [balancer, here, there][number % 3];
  const sockets = [];
  const errors = [];
  const knock = (transports, url) => {
    const socket = socketOf(url, { token: user.token }, { transports, extraHeaders, reconnectionDelay: 100, reconnectionDelayMax: 200 });
    // The library empties the answer when all have heard of it.
    socket.on('connect_error', ({ description, context }) => errors.push({ description, text: context?.responseText }));
    socket.connect();
    sockets.push(socket);
    return socket;
  };
  const begun = Date.now();
  let accepted = 0;
  for (const transports of ['polling', 'websocket']) {
    // Four, then one in three seconds. Each makes several requests to connect and to speak, and counts once.
    let socket;
    for (errors.length = 0; ; accepted += 1) {
      socket = knock(transports, at(accepted));
      await until(() => socket.connected || errors.length, 'a connection or a refusal');
      if (errors.length) break;
      const answer = await ask(socket, 'presence:watch', { userIds: [] });
      check(answer.ok, () => `presence:watch was answered ${quote(answer)}`);
    }
    if (transports === 'polling') {
      check(accepted >= 4, `${accepted} of 4 connections were taken`);
      const body = JSON.parse(errors[0].text);
      check(errors[0].description === 429 && body.code === 'RATE_LIMITED' && body.retryAfterMs > 0 && body.retryAfterMs <= 3_000, () => `the refusal says ${quote(body)}`);
    }
    // The library comes back by itself, as it would not after a refusal in words.
    check(socket.active, 'the library has given up');
    await until(() => socket.connected, `a connection over ${transports} in the end`);
    accepted += 1;
  }
  const most = 4 + Math.ceil((Date.now() - begun) / 3_000);
  check(accepted <= most, `${accepted} connections were taken, of ${most}`);
  const elsewhere = await connect(user, { url: here, transports: 'polling', extraHeaders: fromElsewhere() });
  [...sockets, elsewhere].forEach((socket) => socket.disconnect());

  doing('taking leave and connecting again on one connection');
  const raw = await openWebSocket(here, user.token);
  const refusedWith = () => raw.packets.find((packet) => packet.startsWith('44'));
  for (let again = 0; again < 20 && !refusedWith(); again += 1) {
    const before = raw.packets.length;
    raw.send('41');
    // Until the server is done with the leave it does not hear the hello.
    await until(() => {
      raw.send(`40${JSON.stringify({ token: user.token })}`);
      return raw.packets.slice(before).some((packet) => /^4[04]/.test(packet));
    }, 'an answer');
  }
  check(/too many connections.* in \d+ ms/.test(refusedWith() ?? ''), () => `connecting again and again was answered ${quote(refusedWith())}`);
  raw.close();
}

export async function signUps([here, there]) {
  doing('signing up too often from one address');
  const headers = fromElsewhere();
  const signUp = (number) => signUpFrom(number % 2 ? here : there, headers);
  const budget = fullBudget('sign-ups', 3, 2_000);
  await comesBack('sign-ups', await budget.useUp(signUp), budget.counted(() => signUp(0)));

  doing('claiming to be somebody else');
  await budget.useUp((number) => signUpFrom(here, { 'x-forwarded-for': `6.6.6.${number}, ${headers['x-forwarded-for']}` }));

  doing('signing up from one network of IPv6');
  const site = `2001:db8:${randomBytes(2).toString('hex')}`;
  await useUp('sign-ups', 3, 2_000, (number) => signUpFrom(here, { 'x-forwarded-for': `${site}:2::${number + 1}` }));
  const other = await signUpFrom(here, { 'x-forwarded-for': `${site}:3::1` });
  check(other.status === 201, () => `another network was answered ${quote(other.body)}`);
}

export async function refreshes([here, there]) {
  doing('renewing a session too often');
  const { refreshToken, headers } = await somebody(here);
  let token = refreshToken;
  await useUp('renewals', 3, 2_000, async (number) => {
    const answer = await request(number % 2 ? here : there, 'POST', '/api/auth/refresh', { headers, body: { refreshToken: token } });
    if (answer.status === 200) token = answer.body.refreshToken;
    return answer;
  });
}

export async function rest([here, there]) {
  doing('asking too often over REST');
  const user = await somebody(here);
  const headers = { ...fromElsewhere(), origin: 'https://app.example.com' };
  const begun = Date.now();
  // Without a token, so that it is the address that counts; a route that is none counts as well.
  const first = await request(here, 'GET', '/api/nothing', { headers });
  const header = (answer, name) => Number(answer.headers.get(name) ?? Number.NaN);
  check(first.status === 404 && header(first, 'ratelimit-limit') === 20 && header(first, 'ratelimit-remaining') === 19, () => `the headers are ${quote(Object.fromEntries(first.headers))}`);
  check(header(first, 'ratelimit-reset') === 1 && first.headers.get('ratelimit-policy') === '20;w=20', () => `the headers are ${quote(Object.fromEntries(first.headers))}`);
  const exposed = (first.headers.get('access-control-expose-headers') ?? '').toLowerCase();
  check(['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].every((name) => exposed.includes(name)), `pages elsewhere may read ${exposed}`);
  const second = await request(there, 'GET', '/api/users/me', { token: user.token, headers });
  check(second.status === 200 && header(second, 'ratelimit-remaining') <= 19, () => `the other gateway says ${quote(Object.fromEntries(second.headers))}`);
  const me = (number) => request(number % 2 ? here : there, 'GET', '/api/users/me', { token: user.token, headers });
  // Eighteen are left of the twenty.
  const refused = await useUp('requests', 18, 1_000, me, begun);
  // Pages and keys are not counted.
  const keys = await request(here, 'GET', '/.well-known/jwks.json', { headers });
  check(keys.status === 200 && !keys.headers.has('ratelimit-limit'), () => `the keys were answered ${keys.status}`);
  await comesBack('requests', refused, () => me(0));
}
