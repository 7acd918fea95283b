// Every documented event: understood, refused if its payload is no object, and done once, so that its acknowledgement is seen.

import { check, quote } from '../lib/scenario.mjs';
import { ask, askKnown, connect, send } from '../lib/socket.mjs';

/** Says every event; answers how many there are. `people` are three users, of whom the first speaks. */
export async function sayEverything({ components }, [ada, ben, eve], url) {
  const socket = await connect(ada, { url });
  const names = Object.entries(components.messages).filter(([key]) => key.startsWith('say.')).map(([, { name }]) => name);
  for (const name of names) {
    const { error } = await ask(socket, name, {});
    check(error?.code !== 'UNKNOWN_EVENT', () => `${name} is in the document, and is not known`);
    const list = await ask(socket, name, []);
    check(list.error?.code === 'PAYLOAD_UNREADABLE', () => `${name} took a list for an object: ${quote(list)}`);
  }
  const unknown = await ask(socket, 'room:explode', {});
  check(unknown.error?.code === 'UNKNOWN_EVENT', () => `an event that is not in the document was answered ${quote(unknown)}`);

  const { room: { id: roomId } } = await ask(socket, 'room:create', { isGroup: true, name: 'a group', memberIds: [ben.id] });
  const { id: messageId, seq } = await send(socket, { roomId, content: 'hello' });
  const said = {
    'room:create': { isGroup: false, memberIds: [ben.id] },
    'room:update': { roomId, name: 'another name', retention: { days: 30 } },
    'room:add': { roomId, userIds: [eve.id] },
    'room:role': { roomId, userId: ben.id, role: 'admin' },
    'room:mute': { roomId, muted: true, until: '2100-01-01T00:00:00Z' },
    'room:remove': { roomId, userId: eve.id },
    'room:sync': { cursors: { [roomId]: 0, [ada.id]: 0 } },
    'message:send': { toUserId: ben.id, content: `hello @${ben.username}`, attachments: [{ url: 'https://example.org/a.png', mimeType: 'image/png', name: 'a.png', size: 1 }] },
    'message:edit': { messageId, content: 'hello again' },
    'message:react': { messageId, emoji: '👍' },
    'message:pin': { messageId },
    'message:readers': { messageId, limit: 10 },
    'message:search': { q: 'hello', limit: 10 },
    'message:ack': { roomId, seq, status: 'read' },
    'message:delete': { messageId, for: 'everyone' },
    typing: { roomId, isTyping: true },
    'presence:watch': { userIds: [ben.id] },
    'presence:unwatch': { userIds: [ben.id] },
    'session:renew': { token: ada.token },
    'room:leave': { roomId },
  };
  check(quote(Object.keys(said).sort()) === quote(names.sort()), () => `the document has ${quote(names)}`);
  for (const [name, payload] of Object.entries(said)) {
    const answer = await askKnown(socket, name, payload);
    check(answer.ok === true, () => `${name} was answered ${quote(answer)}`);
  }
  socket.disconnect();
  return names.length;
}
