// Forging JSON Web Tokens, to see them refused.

import { createHmac } from 'node:crypto';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));

/** What is wrong with each, and the token. `jwks` are the server's public keys. */
export function forgeries(good, jwks) {
  const [header, claims, signature] = good.split('.');
  const stolen = decode(claims);
  const confused = `${encode({ ...decode(header), alg: 'HS256' })}.${claims}`;
  const publicKey = Buffer.from(jwks.keys[0]?.x ?? '', 'base64url');
  const flipped = signature.slice(0, 10) + (signature[10] === 'A' ? 'B' : 'A') + signature.slice(11);
  return {
    'not a token': 'garbage',
    'an empty token': '',
    'three dots': '...',
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    'alg none with a signature': `${encode({ ...decode(header), alg: 'none' })}.${claims}.${signature}`,
    'alg HS256, signed with the public key': `${confused}.${createHmac('sha256', publicKey).update(confused).digest('base64url')}`,
    'a changed signature': `${header}.${claims}.${flipped}`,
    'no signature': `${header}.${claims}.`,
    'another user': `${header}.${encode({ ...stolen, sub: 'f'.repeat(24) })}.${signature}`,
    'a later expiry': `${header}.${encode({ ...stolen, exp: stolen.exp + 1 })}.${signature}`,
    'an unknown key': `${encode({ ...decode(header), kid: '../../../etc/passwd' })}.${claims}.${signature}`,
    'no key': `${encode({ ...decode(header), kid: undefined })}.${claims}.${signature}`,
    'a huge token': `${header}.${encode({ ...stolen, padding: 'x'.repeat(6_000) })}.${signature}`,
  };
}
