// The REST side of a client: accounts, rooms, history.

import { randomBytes } from 'node:crypto';
import { contract } from './contract.mjs';
import { check, quote } from './scenario.mjs';
import { insist } from './wait.mjs';

const TIMEOUT_MS = 30_000;

/** One request. `body` is sent as JSON, or as it is if it is a string or bytes. */
export async function request(url, method, path, { token, body, headers = {} } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answer = { status: response.status, type, body: type.includes('json') && text ? JSON.parse(text) : text };
  contract()?.answered(method, path, answer);
  return { ...answer, headers: response.headers, cookies: response.headers.getSetCookie() };
}

/** As `request`; while nobody knows who is online, it is repeated when the answer says, as a client would do. */
export function requestKnown(url, method, path, options) {
  const againInMs = ({ body }) => (body?.code === 'PRESENCE_UNKNOWN' ? body.retryAfterMs : undefined);
  return insist(() => request(url, method, path, options), againInMs, TIMEOUT_MS);
}

/** One request that has to succeed. */
export async function ask(url, method, path, options) {
  const answer = await request(url, method, path, options);
  check(answer.status < 300, () => `${method} ${path} answered ${answer.status}: ${quote(answer.body)}`);
  return answer.body;
}

export const PASSWORD = 'correct horse battery staple';

/** A new user with a name of their own: `{id, username, token, refreshToken, url}`. */
export async function signUp(url, name = 'user') {
  const username = `${name}-${randomBytes(5).toString('hex')}`;
  const body = { username, email: `${username}@example.org`, password: PASSWORD };
  const { user, accessToken, refreshToken } = await ask(url, 'POST', '/api/auth/signup', { body });
  check(user.username === username, `signed up as ${username}, but the answer is for ${user.username}`);
  return { id: user.id, username, token: accessToken, refreshToken, url };
}

/** Another login of a user: the same person on another device. */
export async function logIn(user, { url = user.url, password = PASSWORD, headers } = {}) {
  const { accessToken, refreshToken } = await ask(url, 'POST', '/api/auth/login', { body: { username: user.username, password }, headers });
  return { ...user, url, token: accessToken, refreshToken };
}

/** What is in an access token. */
export const claims = ({ token }) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

/** Whether a user is online, and when they were last seen, as `viewer` may see it. */
export async function presenceOf(viewer, user, url = viewer.url) {
  const { status, body } = await requestKnown(url, 'GET', `/api/users/${user.id}/presence`, { token: viewer.token });
  check(status === 200, () => `asking for the presence of ${user.username} was answered ${status} ${quote(body)}`);
  return body;
}

export function createGroup(creator, members, name = 'a group') {
  const memberIds = members.filter(({ id }) => id !== creator.id).map(({ id }) => id);
  return ask(creator.url, 'POST', '/api/rooms', { token: creator.token, body: { name, isGroup: true, memberIds } });
}

export function openPair(one, other) {
  return ask(one.url, 'POST', '/api/rooms', { token: one.token, body: { isGroup: false, memberIds: [other.id] } });
}

/** All messages of a room, ascending, read page by page from the newest backwards. */
export async function history(user, roomId, limit = 200) {
  const messages = [];
  let before = '';
  for (;;) {
    const page = await ask(user.url, 'GET', `/api/rooms/${roomId}/messages?limit=${limit}${before}`, { token: user.token });
    messages.unshift(...page.messages);
    if (!page.hasMore) return messages;
    check(page.nextCursor !== null && page.nextCursor !== undefined, 'hasMore is true, but there is no nextCursor');
    before = `&before=${page.nextCursor}`;
  }
}
