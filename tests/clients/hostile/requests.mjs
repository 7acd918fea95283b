// REST requests that are refused with problem details.

import { randomBytes } from 'node:crypto';
import { PASSWORD, request } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';

/** RFC 9457, with the stable code and the trace id that the design promises. */
export function checkProblem({ status, type, body }, expected, code) {
  check(status === expected, () => `it was answered ${status} instead of ${expected}: ${quote(body)}`);
  check(type.startsWith('application/problem+json'), `the content type is ${type}`);
  check(body.status === expected && body.type && body.title && body.detail, () => `the problem is incomplete: ${quote(body)}`);
  check(/^[A-Z][A-Z0-9_]+$/.test(body.code) && body.trace_id, () => `the problem has no code or trace_id: ${quote(body)}`);
  check(!code || body.code === code, () => `the code is ${body.code} instead of ${code}`);
}

export async function checkRequests({ url, alice, mallory, room, attack }) {
  const { token } = mallory;
  const refuse = (name, method, path, options, status, code) => attack(name, async () => checkProblem(await request(url, method, path, { token, ...options }), status, code));

  for (const [name, body] of Object.entries({ 'malformed JSON': '{"isGroup":', 'no JSON': 'hello', 'an empty body': '', 'a list': '[]', 'null': 'null', 'a wrong field type': '{"isGroup":"yes","memberIds":7}' })) {
    await refuse(`${name} as a body`, 'POST', '/api/rooms', { body }, 400);
    await refuse(`${name} as a sign-up`, 'POST', '/api/auth/signup', { body }, 400);
  }
  await refuse('an oversized body', 'POST', '/api/rooms', { body: { name: 'x'.repeat(300_000), isGroup: true, memberIds: [alice.id] } }, 413);
  await refuse('an oversized sign-up', 'POST', '/api/auth/signup', { body: 'x'.repeat(300_000) }, 413);

  await refuse('an unknown route', 'GET', '/api/nothing/here', {}, 404);
  await refuse('a wrong method', 'DELETE', '/api/rooms', {}, 405);
  await refuse('a wrong method for signing up', 'GET', '/api/auth/signup', {}, 405);

  await refuse('a malformed room id', 'GET', '/api/rooms/not-an-id', {}, 400);
  await refuse('a malformed user id', 'GET', '/api/users/%2e%2e%2fme', {}, 400);
  await refuse('an unknown user', 'GET', `/api/users/${'f'.repeat(24)}`, {}, 404, 'USER_NOT_FOUND');
  for (const path of ['', '/members', '/messages']) await refuse(`GET ${path} of a room one is not in`, 'GET', `/api/rooms/${room.id}${path}`, {}, 404, 'ROOM_NOT_FOUND');
  await refuse('posting to a room one is not in', 'POST', `/api/rooms/${room.id}/messages`, { body: { content: 'let me in' } }, 404, 'ROOM_NOT_FOUND');

  for (const query of ['limit=-1', 'limit=many', 'limit=100000', 'before=yesterday', 'after=-5', 'before=2&after=1']) {
    await refuse(`a page of messages with ${query}`, 'GET', `/api/rooms/${room.id}/messages?${query}`, { token: alice.token }, 400);
  }

  const nothing = `/api/media/${'f'.repeat(24)}`;
  await refuse('a malformed upload id', 'GET', '/api/media/not-an-id', {}, 400);
  await refuse('an unknown upload', 'GET', nothing, {}, 404, 'MEDIA_NOT_FOUND');
  await refuse('completing an unknown upload', 'POST', `${nothing}/complete`, {}, 404, 'MEDIA_NOT_FOUND');
  await refuse('half a signed address', 'GET', `${nothing}?signature=AAAA`, { token: undefined }, 400);
  await refuse('an address that nobody signed', 'PUT', `${nothing}/content?user=${mallory.id}&expires=1&signature=AAAA`, { token: undefined }, 401, 'SIGNATURE_INVALID');
  await refuse('too many addresses', 'POST', '/api/media/urls', { body: { ids: Array(101).fill('f'.repeat(24)) } }, 400, 'FIELD_INVALID');
  await refuse('an upload of a word\'s size', 'POST', '/api/media/direct', { body: { size: 'large' } }, 400);
  await refuse('an upload of less than nothing', 'POST', '/api/media/direct', { body: { size: -1 } }, 400);
  await refuse('an avatar that is no upload', 'PATCH', '/api/users/me', { body: { avatarUrl: nothing } }, 404, 'MEDIA_NOT_FOUND');

  const username = `mallory-${randomBytes(4).toString('hex')}`;
  const good = { username, email: `${username}@example.org`, password: PASSWORD };
  const signUps = {
    'a short username': [{ username: 'ab' }, 'USERNAME_INVALID'], 'a username with a space': [{ username: 'a b c' }, 'USERNAME_INVALID'],
    'an e-mail without @': [{ email: 'nobody' }, 'EMAIL_INVALID'], 'a short password': [{ password: 'short' }, 'PASSWORD_INVALID'],
    'a password above 72 bytes': [{ password: 'x'.repeat(73) }, 'PASSWORD_INVALID'],
  };
  for (const [name, [wrong, code]] of Object.entries(signUps)) {
    await refuse(`signing up with ${name}`, 'POST', '/api/auth/signup', { body: { ...good, ...wrong } }, 400, code);
  }
  await refuse('a username that is taken', 'POST', '/api/auth/signup', { body: { ...good, username: alice.username.toUpperCase() } }, 409, 'USERNAME_TAKEN');
  await refuse('a wrong password', 'POST', '/api/auth/login', { body: { username: alice.username, password: 'wrong password' } }, 401, 'CREDENTIALS_WRONG');
  await refuse('an unknown account', 'POST', '/api/auth/login', { body: { username, password: PASSWORD } }, 401, 'CREDENTIALS_WRONG');
  await refuse('an object as password', 'POST', '/api/auth/login', { body: { username: alice.username, password: { $ne: null } } }, 400);
  await refuse('a made-up refresh token', 'POST', '/api/auth/refresh', { body: { refreshToken: 'garbage' } }, 401, 'REFRESH_TOKEN_INVALID');

  const members = (memberIds, isGroup = true) => ({ body: { name: 'a group', isGroup, memberIds } });
  await refuse('a group with an unknown user', 'POST', '/api/rooms', members(['f'.repeat(24)]), 404, 'USER_NOT_FOUND');
  await refuse('a group with a malformed id', 'POST', '/api/rooms', members(['nobody']), 400);
  await refuse('a room of two with oneself', 'POST', '/api/rooms', members([mallory.id], false), 400, 'MEMBERS_INVALID');
  await refuse('a room of two with two others', 'POST', '/api/rooms', members([alice.id, mallory.id, room.memberIds.find((id) => id !== alice.id)], false), 400, 'MEMBERS_INVALID');
}
