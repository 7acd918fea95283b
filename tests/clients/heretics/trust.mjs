// Seed 002, "Authentication Middleware", with any issuer: known by discovery, by the place of its keys, or by one key.
//
//   node heretics/trust.mjs --url http://127.0.0.1:8080 --issuer http://127.0.0.1:9000 [--prefix ""] [--audience confab-tests]
//
// The gateways are to trust that issuer by its URL, and by its keys under three further names, each a source of people
// of its own: "by-place" (`jwksUrl`), "by-key" (its RS256 key) and "by-another-key" (its ES256 key, whatever the audience).

import { nobody, refusal } from '../lib/dialect.mjs';
import { ask as rest } from '../lib/rest.mjs';
import { doing, scenario } from '../lib/scenario.mjs';
import { same } from '../lib/shape.mjs';
import { arrive, me, mint, OPTIONS, subject } from './people.mjs';

await scenario({ ...OPTIONS, deadline: 90 }, async ({ url, prefix, issuer, audience }) => {
  const [here, there] = [url[0], url.at(-1)].map((one) => one + prefix);
  const sub = subject();
  const by = (iss, alg, aud, more = {}) => async () => (await mint(issuer, { claims: { iss, sub, aud }, alg, ttl: 300, ...more })).token;
  const sources = {
    'discovery': [by(issuer, 'RS256', audience), by(issuer, 'ES256', audience)],
    'the place of keys': [by('by-place', 'ES256', audience), by('by-place', 'RS256', [audience, 'another'])],
    'one key': [by('by-key', 'RS256', audience)],
    // A key without a name will do for a token without one.
    'another key, for any audience': [by('by-another-key', 'ES256', 'whatever'), by('by-another-key', 'ES256', null, { header: { kid: undefined } })],
  };
  const ids = new Set();
  for (const [what, tokens] of Object.entries(sources)) {
    doing(`an issuer known by ${what}`);
    const found = [];
    for (const server of [here, there]) for (const getToken of tokens) found.push((await me({ name: what, server, getToken }))._id);
    same(new Set(found).size, 1, `how many people one subject of an issuer known by ${what} is`);
    ids.add(found[0]);
    const client = await arrive({ name: what, server: here, getToken: tokens[0] });
    client.disconnect();
  }
  doing('one subject of four issuers');
  same(ids.size, 4, 'how many people it is');

  doing('what an issuer that is known by a key has not signed');
  const wrong = {
    'signed with the other key': by('by-key', 'ES256', audience),
    'signed with a key that nobody named': by('by-key', 'RS256', audience, { key: 'unpublished' }),
    'for another audience': by('by-key', 'RS256', nobody()),
    'by a name that nobody trusts': by('by-nobody', 'RS256', audience),
  };
  for (const [what, getToken] of Object.entries(wrong)) same(await refusal(here, { auth: { token: await getToken() } }), 'Unauthorized', `the refusal of a token ${what}`);

  doing("another key of the issuer's");
  await rest(issuer, 'POST', '/rotate');
  same(await refusal(there, { auth: { token: await by('by-key', 'RS256', audience)() } }), 'Unauthorized', 'the refusal of a new key, of who is known by the old one');
});
