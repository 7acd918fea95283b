// Every documented operation: done once with each answer that is not a refusal, so that all of them are seen.

import { png } from '../lib/media.mjs';
import { logIn, openPair, PASSWORD, requestKnown } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';

/** Asks for every operation; answers how many there are. `people` are three users, of whom the first asks. */
export async function askForEverything({ paths }, [ada, ben, eve]) {
  const seen = new Set();
  /** One request by the document's path; `ids` are put in the place of its parameters. */
  const done = async (status, operation, ids = [], body = undefined, query = '', headers = {}) => {
    const [method, template] = operation.split(' ');
    const rest = [...ids];
    const path = template.replace(/\{\w+\}/g, () => rest.shift()) + query;
    const answer = await requestKnown(ada.url, method, path, { token: ada.token, body, headers });
    check(answer.status === status, () => `${operation} answered ${answer.status}: ${quote(answer.body)}`);
    seen.add(`${operation} ${status}`);
    return answer.body;
  };

  const email = `${ada.username}-2@example.org`;
  const { refreshToken } = await done(201, 'POST /api/auth/signup', [], { username: ada.username.slice(0, 20) + 2, email, password: PASSWORD });
  const renewed = await done(200, 'POST /api/auth/refresh', [], { refreshToken });
  await done(204, 'POST /api/auth/logout', [], { refreshToken: renewed.refreshToken });
  await done(200, 'POST /api/auth/login', [], { username: ada.username, password: PASSWORD });
  await logIn(ada);
  const { sessions } = await done(200, 'GET /api/auth/sessions');
  await done(204, 'DELETE /api/auth/sessions/{id}', [sessions.find(({ current }) => !current).id]);
  await done(204, 'DELETE /api/auth/sessions');
  await done(200, 'GET /.well-known/jwks.json');

  await done(200, 'GET /api/users/me');
  await done(200, 'PATCH /api/users/me', [], { displayName: 'Ada', bio: 'counts', lastSeenVisibility: 'contacts' });
  await done(204, 'POST /api/users/me/password', [], { currentPassword: PASSWORD, newPassword: PASSWORD });
  await done(204, 'POST /api/users/me/blocks', [], { userId: eve.id });
  await done(200, 'GET /api/users/me/blocks');
  await done(204, 'DELETE /api/users/me/blocks/{id}', [eve.id]);
  await done(200, 'GET /api/users', [], undefined, '?query=ada&limit=1');
  await done(200, 'GET /api/users/{id}', [ben.id]);
  await done(200, 'GET /api/users/{id}/presence', [ben.id]);

  const { id: room } = await done(201, 'POST /api/rooms', [], { isGroup: true, name: 'a group', memberIds: [ben.id] });
  await openPair(ada, ben);
  await done(200, 'POST /api/rooms', [], { isGroup: false, memberIds: [ben.id] });
  await done(200, 'GET /api/rooms', [], undefined, '?limit=1');
  await done(200, 'GET /api/rooms/{id}', [room]);
  await done(200, 'PATCH /api/rooms/{id}', [room], { name: 'another name', retention: { messages: 1000 } });
  await done(200, 'PUT /api/rooms/{id}/mute', [room], { muted: true });
  await done(200, 'POST /api/rooms/{id}/members', [room], { userIds: [eve.id] });
  await done(200, 'GET /api/rooms/{id}/members', [room], undefined, '?limit=1');
  await done(200, 'PATCH /api/rooms/{id}/members/{user_id}', [room, ben.id], { role: 'admin' });
  await done(200, 'DELETE /api/rooms/{id}/members/{user_id}', [room, eve.id]);

  const said = { content: 'hello', clientMessageId: 'once' };
  const { id: first, seq } = await done(201, 'POST /api/rooms/{id}/messages', [room], said);
  await done(200, 'POST /api/rooms/{id}/messages', [room], said);
  await done(201, 'POST /api/rooms/{id}/messages', [room], { content: 'and an answer', replyTo: first });
  await done(200, 'GET /api/rooms/{id}/messages', [room], undefined, `?around=${first}&limit=2`);
  await done(200, 'POST /api/rooms/{id}/receipts', [room], { seq, status: 'read' });
  await done(200, 'GET /api/messages/{id}', [first]);
  await done(200, 'PATCH /api/messages/{id}', [first], { content: 'hello again' });
  await done(200, 'POST /api/messages/{id}/reactions', [first], { emoji: '👍' });
  await done(200, 'DELETE /api/messages/{id}/reactions', [first], undefined, `?emoji=${encodeURIComponent('👍')}`);
  await done(200, 'PUT /api/messages/{id}/pin', [first]);
  await done(200, 'GET /api/rooms/{id}/pins', [room]);
  await done(200, 'DELETE /api/messages/{id}/pin', [first]);
  await done(200, 'GET /api/messages/{id}/replies', [first]);
  await done(200, 'GET /api/messages/{id}/edits', [first]);
  await done(200, 'GET /api/messages/{id}/readers', [first]);
  await done(200, 'GET /api/search', [], undefined, '?q=hello');
  await done(204, 'DELETE /api/messages/{id}', [first], undefined, '?for=everyone');
  await done(204, 'DELETE /api/rooms/{id}/members/{user_id}', [room, ada.id]);

  const picture = png(40, 40);
  const bytes = { 'content-type': 'application/octet-stream' };
  const { id: media } = await done(201, 'POST /api/media', [], picture, '?name=picture', bytes);
  await done(200, 'GET /api/media/{id}/info', [media]);
  await done(200, 'GET /api/media/{id}', [media]);
  await done(206, 'GET /api/media/{id}', [media], undefined, '', { range: 'bytes=0-7' });
  await done(200, 'GET /api/media/{id}/thumbnail', [media]);
  await done(200, 'POST /api/media/urls', [], { ids: [media] });
  const direct = await done(201, 'POST /api/media/direct', [], { name: 'direct', size: picture.length });
  const { search } = new URL(direct.upload.url, ada.url);
  await done(200, 'PUT /api/media/{id}/content', [direct.media.id], picture, search, bytes);
  await done(200, 'POST /api/media/{id}/complete', [direct.media.id]);

  const operations = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
  const missing = operations.filter((operation) => ![...seen].some((one) => one.startsWith(`${operation} `)));
  check(!missing.length, () => `nobody asks for ${quote(missing)}: add it here`);
  return operations.length;
}
