// Tokens that must not open a connection, nor a REST route.

import { forgeries } from '../lib/jwt.mjs';
import { ask, request } from '../lib/rest.mjs';
import { check } from '../lib/scenario.mjs';
import { socketOf } from '../lib/socket.mjs';
import { checkProblem } from './requests.mjs';

/** Connects and answers the refusal's message; a connection that opens is an error. */
function refusalOf(url, auth, options) {
  const socket = socketOf(url, auth, options);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => reject(new Error('it was let in')));
    socket.once('connect_error', (error) => resolve(error.message));
    socket.connect();
  }).finally(() => socket.disconnect());
}

export async function checkHandshakes({ url, alice, expiredToken, attack }) {
  const jwks = await ask(url, 'GET', '/.well-known/jwks.json');
  const tokens = { ...forgeries(alice.token, jwks), 'a refresh token': alice.refreshToken };
  if (expiredToken) tokens['an expired token'] = expiredToken;

  for (const [name, token] of Object.entries(tokens)) {
    await attack(name, async () => {
      for (const transports of ['websocket', 'polling']) {
        const message = await refusalOf(url, { token }, { transports });
        check(message === 'Authentication error', `over ${transports} the refusal says ${message}`);
      }
      if (token) checkProblem(await request(url, 'GET', '/api/rooms', { token }), 401);
    });
  }

  const odd = {
    'no auth at all': undefined, 'no token': {}, 'a null token': { token: null }, 'a number as token': { token: 7 },
    'an object as token': { token: { $ne: null } }, 'a list as token': { token: [alice.token] },
  };
  for (const [name, auth] of Object.entries(odd)) {
    await attack(name, async () => {
      const message = await refusalOf(url, auth, { transports: 'websocket' });
      check(message === 'Authentication error', `the refusal says ${message}`);
    });
  }

  await attack('a wrong token in the query', async () => {
    const message = await refusalOf(url, {}, { transports: 'websocket', query: { token: 'garbage' } });
    check(message === 'Authentication error', `the refusal says ${message}`);
  });
  await attack('no token on a REST route', async () => checkProblem(await request(url, 'GET', '/api/rooms'), 401));
}
