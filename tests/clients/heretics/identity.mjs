// Seed 002, "Authentication Middleware": who is let in with tokens of an external issuer, and who is not.
//
//   node heretics/identity.mjs --url http://127.0.0.1:8080 --issuer http://127.0.0.1:9000[,http://127.0.0.1:9001] [--prefix ""] [--audience confab-tests]
//
// Two issuers are two sources of people. Without `--issuer` one is started, on `--issuer-port`.

import { createHmac, createPublicKey } from 'node:crypto';
import { nobody, refusal } from '../lib/dialect.mjs';
import { ask as rest, request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { same, shaped, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { arrive, introduced, issuers, me, mint, OPTIONS, person, subject } from './people.mjs';

const UNKNOWN_KEYS = 40;
const MOST_FETCHES = 10;
const ROTATION_PATIENCE_MS = 90_000;

await scenario({ ...OPTIONS, deadline: 220 }, async (args) => {
  const [issuer, second] = await issuers(args);
  const world = { issuer, second, audience: args.audience, server: args.url[0] + args.prefix, elsewhere: args.url.at(-1) + args.prefix };
  await letIn(world);
  await refused(world);
  await rotation(world);
  await bounded(world);
});

async function letIn({ issuer, second, audience, server, elsewhere }) {
  doing('const clerkId = session.sub: made on first sight, the same from then on and everywhere');
  const claims = { name: 'Ada Lovelace', email: `ada-${nobody()}@example.org`, picture: 'https://example.org/ada.png' };
  const ada = person('ada', { issuer, audience, server, claims });
  const known = await me(ada);
  shaped(known, { name: claims.name, email: claims.email, avatar: claims.picture }, 'Ada');
  same((await me({ ...ada, server: elsewhere }))._id, known._id, 'Ada on another gateway');
  same((await me({ ...ada, ...person('ada', { issuer, audience, server, claims, sub: ada.sub, alg: 'ES256' }) }))._id, known._id, 'Ada with an ES256 token');

  doing("Clerk's default session token has no name");
  const plain = person('plain', { issuer, audience, server: elsewhere });
  const nameless = await me(plain);
  check(words(nameless.name) && nameless._id !== known._id, () => `who has no name is ${quote(nameless)}`);

  doing('many at once, on first sight');
  const rush = person('rush', { issuer, audience, server });
  const ids = await Promise.all(Array.from({ length: 8 }, (_, at) => me({ ...rush, server: at % 2 ? server : elsewhere })));
  same(new Set(ids.map(({ _id }) => _id)).size, 1, 'how many people came of one subject');
  const twin = person('twin', { issuer, audience, server, claims });
  check((await me(twin))._id !== known._id, 'two subjects with one name and address are one person');

  if (!second) return;
  doing('two issuers side by side');
  const other = person('other', { issuer: second, audience, server, sub: ada.sub, claims });
  check((await me(other))._id !== known._id, 'the same subject of two issuers is one person');
  const forged = await mint(second, { claims: { sub: ada.sub, aud: audience, iss: issuer } });
  same(await refusal(server, { auth: { token: forged.token } }), 'Unauthorized', "one issuer's key for the other's people");
}

/** A token whose header says that it was signed with a public key as a secret. */
async function confused(issuer, good) {
  const { keys: [jwk] } = await rest(issuer, 'GET', '/.well-known/jwks.json');
  const [header, claims] = good.split('.');
  const secret = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const changed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(header, 'base64url')), alg: 'HS256' })).toString('base64url');
  return `${changed}.${claims}.${createHmac('sha256', secret).update(`${changed}.${claims}`).digest('base64url')}`;
}

async function refused({ issuer, audience, server, elsewhere }) {
  doing('return next(new Error("Unauthorized"))');
  const good = { sub: subject(), aud: audience };
  const order = async (what) => (await mint(issuer, what)).token;
  const { token, kid } = await mint(issuer, { claims: good });
  const [header, claims, signature] = token.split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  const wrong = {
    'garbage': 'garbage',
    'three dots': '...',
    'alg none': `${none}.${claims}.`,
    'alg none with a signature': `${none}.${claims}.${signature}`,
    'no signature': `${header}.${claims}.`,
    'a changed signature': `${header}.${claims}.${signature.slice(0, 10)}${signature[10] === 'A' ? 'B' : 'A'}${signature.slice(11)}`,
    'alg HS256, signed with the public key': await confused(issuer, token),
    'expired': await order({ claims: good, ttl: -120 }),
    'not yet good': await order({ claims: { ...good, nbf: Math.floor(Date.now() / 1000) + 3_600 } }),
    'another issuer': await order({ claims: { ...good, iss: 'https://evil.example' } }),
    'no issuer': await order({ claims: { ...good, iss: null } }),
    'another audience': await order({ claims: { ...good, aud: 'somebody-else' } }),
    'no audience': await order({ claims: { ...good, aud: null } }),
    'no subject': await order({ claims: { ...good, sub: null } }),
    'an empty subject': await order({ claims: { ...good, sub: '' } }),
    'no expiry': await order({ claims: { ...good, exp: null } }),
    'a key that nobody published': await order({ claims: good, key: 'unpublished' }),
    "a published key's name, another's signature": await order({ claims: good, key: 'unpublished', header: { kid } }),
    'keys from elsewhere': await order({ claims: good, key: 'unpublished', header: { kid: undefined, jku: `${issuer}/evil.json` } }),
  };
  for (const options of [undefined, { auth: {} }, { auth: { token: '' } }]) {
    same(await refusal(server, options), 'Unauthorized', `the refusal of ${quote(options)}`);
  }
  for (const [what, bad] of Object.entries(wrong)) {
    same(await refusal(elsewhere, { auth: { token: bad } }), 'Unauthorized', `the refusal of ${what}`);
    const { status, body } = await request(server, 'GET', '/api/auth/me', { token: bad });
    check(status === 401 && words(body.message), () => `${what} over REST was answered ${status} ${quote(body)}`);
  }
  // The good one is good, so each of them was refused for what is wrong with it.
  const { status } = await request(server, 'GET', '/api/auth/me', { token });
  check(status === 200, `a good token was answered ${status}`);
}

async function rotation({ issuer, audience, server, elsewhere }) {
  doing("another key of the issuer's");
  const [eve] = await introduced([person('eve', { issuer, audience, server })]);
  const client = await arrive(eve);
  const before = await eve.getToken();
  await rest(issuer, 'POST', '/rotate');
  const { token } = await mint(issuer, { claims: { sub: eve.sub, aud: audience } });
  // Behind a balancer several requests in a row show that each gateway knows it.
  const asked = (what) => Promise.all(Array.from({ length: 8 }, (_, at) => request(at % 2 ? server : elsewhere, 'GET', '/api/auth/me', { token: what })));
  await until(async () => (await asked(token)).every(({ status }) => status === 200), 'the new key to be known', ROTATION_PATIENCE_MS);
  for (const what of [token, before]) {
    (await asked(what)).forEach((answer) => shaped(answer, { status: 200, body: { _id: eve.id } }, 'Eve, with a token of either key'));
  }
  await (await arrive(eve, elsewhere)).disconnect();
  check(client.socket.connected, 'the connection from before was closed');
  client.disconnect();
}

async function bounded({ issuer, audience, server, elsewhere }) {
  doing('many unknown keys: the issuer is not asked for each');
  const { fetches: before } = await rest(issuer, 'GET', '/fetches');
  for (let number = 0; number < UNKNOWN_KEYS; number += 1) {
    const { token } = await mint(issuer, { claims: { sub: subject(), aud: audience }, header: { kid: `ins_${nobody()}` } });
    const { status } = await request(number % 2 ? server : elsewhere, 'GET', '/api/auth/me', { token });
    check(status === 401, `an unknown key was answered ${status}`);
  }
  const { fetches: after } = await rest(issuer, 'GET', '/fetches');
  check(after - before <= MOST_FETCHES, `${UNKNOWN_KEYS} unknown keys made ${after - before} fetches`);
}
