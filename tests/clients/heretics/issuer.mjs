// An issuer of tokens as Clerk or any OpenID provider is one, over HTTP: discovery, keys, and tokens for tests.
//
//   node heretics/issuer.mjs [--port 0]
//
// prints its URL, and then serves
//   GET  /.well-known/openid-configuration, /.well-known/jwks.json
//   POST /token    {claims, ttl?, alg?, key?, header?}: a token; `claims` go over the usual ones, null takes one away
//   POST /rotate   a new key signs, those before stay published
//   POST /retire   those before are published no more
//   GET  /fetches  how often the keys were fetched
//   GET  /key/RS256, /key/ES256   {pem}: the key that signs, as one copies it into a setting

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const TTL_SECONDS = 60;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const KINDS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

function newKeys() {
  return Object.entries(KINDS).map(([alg, generate]) => ({ alg, kid: `ins_${randomBytes(9).toString('base64url')}`, ...generate() }));
}

/** A signed token. JSON Web Signatures want the two numbers of an ECDSA signature side by side. */
function mint({ alg, kid, privateKey }, claims, header) {
  const signed = `${encode({ alg, kid, typ: 'JWT', ...header })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Starts an issuer on a port, 0 for any. */
export async function startIssuer(port = 0) {
  let keys = newKeys();
  let retired = [];
  let fetches = 0;
  const issuer = { url: undefined };

  // A key that was never published signs what is forged.
  const rings = { newest: () => keys, retired: () => retired, unpublished: newKeys };

  const routes = {
    'GET /.well-known/openid-configuration': () => ({
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: Object.keys(KINDS),
      subject_types_supported: ['public'],
    }),
    'GET /.well-known/jwks.json': () => {
      fetches += 1;
      return { keys: [...keys, ...retired].map(({ alg, kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), alg, kid, use: 'sig' })) };
    },
    'POST /token': ({ claims = {}, ttl = TTL_SECONDS, alg = 'RS256', key = 'newest', header = {} }) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer.url, iat: now, nbf: now - 10, exp: now + ttl, sid: `sess_${randomBytes(9).toString('base64url')}` };
      const signing = rings[key]().find((one) => one.alg === alg);
      const all = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== null));
      return { token: mint(signing, all, header), kid: signing.kid };
    },
    'POST /rotate': () => {
      retired = [...keys, ...retired];
      keys = newKeys();
      return { kids: keys.map(({ kid }) => kid) };
    },
    'POST /retire': () => {
      retired = [];
      return {};
    },
    'GET /fetches': () => ({ fetches }),
    ...Object.fromEntries(Object.keys(KINDS).map((alg) => [`GET /key/${alg}`, () => ({ pem: keys.find((one) => one.alg === alg).publicKey.export({ type: 'spki', format: 'pem' }) })])),
  };

  const server = createServer(async (request, response) => {
    const route = routes[`${request.method} ${request.url}`];
    const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!route) return answer(404, { error: 'there is no such route' });
    try {
      const text = (await request.setEncoding('utf8').toArray()).join('');
      return answer(200, route(text ? JSON.parse(text) : {}));
    } catch (error) {
      return answer(400, { error: error.message });
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  issuer.url = `http://127.0.0.1:${server.address().port}`;
  return issuer;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , option, value] = process.argv;
  if (option !== undefined && (option !== '--port' || !/^\d+$/.test(value))) throw new Error('the only option is --port NUMBER');
  const { url } = await startIssuer(Number(value ?? 0));
  process.stdout.write(`${url}\n`);
}
