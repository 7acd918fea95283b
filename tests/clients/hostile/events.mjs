// Events that are refused in their ack, or by an `error` event, each with a code.

import { createGroup, history } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';
import { ask, connect } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';

const CODE = /^[A-Z][A-Z0-9_]+$/;

function checkRefusal(answer, code) {
  check(answer?.ok === false && CODE.test(answer.error?.code) && answer.error.message, () => `it was answered ${quote(answer)}`);
  check(!code || answer.error.code === code, () => `the code is ${answer.error.code} instead of ${code}`);
}

export async function checkEvents({ url, alice, bob, mallory, room, attack }) {
  const socket = await connect(mallory, { url, transports: 'websocket' });
  const errors = [];
  socket.on('error', (error) => errors.push(error));
  const own = await createGroup(mallory, [bob]);
  const refuse = (name, event, payload, code) => attack(name, async () => checkRefusal(await ask(socket, event, payload), code));

  await attack('an unknown event', async () => {
    const answer = await Promise.race([ask(socket, 'message:explode', { roomId: own.id }), until(() => errors.at(-1), 'an error event')]);
    check((answer.error ?? answer).code === 'UNKNOWN_EVENT', () => `it was answered ${quote(answer)}`);
  });
  await attack('an unknown event without ack', async () => {
    const before = errors.length;
    socket.emit('no such event', { any: 'thing' });
    await until(() => errors.length > before, 'an error event');
    check(errors.at(-1).code === 'UNKNOWN_EVENT' && errors.at(-1).message, () => `the error event is ${quote(errors.at(-1))}`);
  });
  await attack('a failing event without ack', async () => {
    const before = errors.length;
    socket.emit('message:send', { roomId: room.id, content: 'let me in' });
    await until(() => errors.length > before, 'an error event');
    check(errors.at(-1).code === 'ROOM_NOT_FOUND', () => `the error event is ${quote(errors.at(-1))}`);
  });

  // A room one is not in looks like one that is not there.
  for (const [name, roomId] of [['a room one is not in', room.id], ['a room that is not there', 'f'.repeat(24)]]) {
    await refuse(`sending to ${name}`, 'message:send', { roomId, content: 'let me in' }, 'ROOM_NOT_FOUND');
    await refuse(`typing in ${name}`, 'typing', { roomId, isTyping: true }, 'ROOM_NOT_FOUND');
    await refuse(`reading in ${name}`, 'message:ack', { roomId, seq: 1, status: 'read' }, 'ROOM_NOT_FOUND');
  }

  const { id: roomId } = own;
  const wrong = {
    'message:send': {
      'nothing': undefined, 'null': null, 'a number': 7, 'a text': 'hello', 'a list': [roomId, 'hello'], 'an empty object': {},
      'no room': { content: 'hello' }, 'a number as room': { roomId: 7, content: 'hello' }, 'an object as room': { roomId: { $ne: '' }, content: 'hello' },
      'a malformed room id': { roomId: '../../etc', content: 'hello' }, 'a malformed user id': { toUserId: 'nobody', content: 'hello' },
      'an unknown user': { toUserId: 'f'.repeat(24), content: 'hello' }, 'a room and a user': { roomId, toUserId: alice.id, content: 'hello' },
      'no content': { roomId }, 'a number as content': { roomId, content: 7 }, 'null as content': { roomId, content: null },
      'an object as content': { roomId, content: { text: 'hello' } }, 'empty content': { roomId, content: '' },
      'only white space': { roomId, content: ' \n\t ' }, 'content one byte too long': { roomId, content: 'x'.repeat(8_193) },
      'an unknown type': { roomId, content: 'hello', type: 'evil' }, 'a number as type': { roomId, content: 'hello', type: 7 },
      'an empty clientMessageId': { roomId, content: 'hello', clientMessageId: '' }, 'a long clientMessageId': { roomId, content: 'hello', clientMessageId: 'x'.repeat(65) },
      'a number as clientMessageId': { roomId, content: 'hello', clientMessageId: 7 }, 'a line break in clientMessageId': { roomId, content: 'hello', clientMessageId: 'a\nb' },
    },
    'message:ack': {
      'null': null, 'no seq': { roomId, status: 'read' }, 'a negative seq': { roomId, seq: -1, status: 'read' }, 'half a seq': { roomId, seq: 0.5, status: 'read' },
      'a seq beyond the end': { roomId, seq: 1_000_000, status: 'read' }, 'a huge seq': { roomId, seq: 1e300, status: 'read' }, 'a text as seq': { roomId, seq: '1', status: 'read' },
      'an unknown status': { roomId, seq: 0, status: 'eaten' }, 'an unknown message': { roomId, messageId: 'f'.repeat(24), status: 'read' },
    },
    'typing': {
      'null': null, 'a number as room': { roomId: 7, isTyping: true }, 'no isTyping': { roomId }, 'a text as isTyping': { roomId, isTyping: 'yes' },
    },
    'presence:watch': {
      'null': null, 'nothing': undefined, 'a text as userIds': { userIds: mallory.id }, 'a malformed id': { userIds: ['nobody'] }, 'numbers': { userIds: [1, 2] },
      'too many': { userIds: Array.from({ length: 3_000 }, (_, index) => index.toString(16).padStart(24, '0')) },
    },
    'presence:unwatch': { 'null': null, 'a text as userIds': { userIds: mallory.id } },
  };
  for (const [event, payloads] of Object.entries(wrong)) {
    for (const [name, payload] of Object.entries(payloads)) await refuse(`${event} with ${name}`, event, payload);
  }

  await attack('saying to be somebody else', async () => {
    const { ok, message } = await ask(socket, 'message:send', { roomId, content: 'I am Alice', from: alice.id, sender: { id: alice.id }, userId: alice.id, seq: 99, id: 'f'.repeat(24) });
    check(ok && message.from === mallory.id && message.sender.id === mallory.id && message.seq === 1, () => `it became ${quote(message)}`);
  });
  check((await history(mallory, roomId)).length === 1, 'something that was refused is in the history');
  check(socket.connected, 'the socket was closed by an event that was refused');
  socket.disconnect();
}
