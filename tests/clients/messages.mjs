// What can be done to a message after it was sent, over Socket.IO and REST, seen on another gateway; and who may not.
//
//   node messages.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { ask as rest, createGroup, history, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'eve')]);
  const room = await createGroup(alice, [bob], 'changes');
  const seen = { bob: [], bobToo: [], alice: [] };
  const listen = (name) => (socket) => ['message:receive', 'message:updated', 'message:hidden'].forEach((event) => {
    socket.on(event, (payload) => seen[name].push({ event, payload }));
  });
  const open = (user, name) => connect(user, { transports: 'websocket', prepare: listen(name) });
  const [alices, bobs, bobsToo] = await Promise.all([open(alice, 'alice'), open(bob, 'bob'), open({ ...bob, url: here }, 'bobToo')]);
  const eves = await connect(eve, { transports: 'websocket' });
  const act = async (socket, event, payload) => {
    const answer = await ask(socket, event, payload);
    check(answer.ok === true, () => `${event} was answered ${quote(answer)}`);
    return answer.message;
  };
  /** Waits until Bob's socket has got this as its next event. */
  let next = 0;
  const bobSees = async (event, holds, what) => {
    await until(() => seen.bob.length > next, what);
    const got = seen.bob[next];
    next += 1;
    check(got.event === event && holds(got.payload), () => `${what}: Bob got ${quote(got)}`);
    return got.payload;
  };

  doing('editing');
  const first = await send(alices, { roomId: room.id, content: `hello @${bob.username}, and @nobody-at-all` });
  check(JSON.stringify(first.mentions) === JSON.stringify([bob.id]), () => `it mentions ${quote(first.mentions)}`);
  await bobSees('message:receive', ({ id, mentions }) => id === first.id && mentions.length === 1, 'the message');
  const edited = await act(alices, 'message:edit', { messageId: first.id, content: 'hello' });
  check(edited.rev === first.rev + 1 && edited.seq === first.seq && edited.editedAt, () => `edited: ${quote(edited)}`);
  await bobSees('message:updated', ({ id, content, rev, mentions }) => id === first.id && content === 'hello' && rev === edited.rev && mentions.length === 0, 'the edit');
  await rest(here, 'PATCH', `/api/messages/${first.id}`, { token: alice.token, body: { content: 'hello again' } });
  await bobSees('message:updated', ({ content }) => content === 'hello again', 'the edit by REST');
  const { edits } = await rest(here, 'GET', `/api/messages/${first.id}/edits`, { token: alice.token });
  check(edits.length === 2 && edits[1].content === 'hello', () => `the audit trail is ${quote(edits)}`);

  doing('reacting');
  await act(bobs, 'message:react', { messageId: first.id, emoji: '👍' });
  await bobSees('message:updated', ({ reactions }) => reactions[0].emoji === '👍' && reactions[0].userIds[0] === bob.id, 'the reaction');
  await rest(here, 'POST', `/api/messages/${first.id}/reactions`, { token: alice.token, body: { emoji: '👍' } });
  await bobSees('message:updated', ({ reactions }) => reactions[0].count === 2, 'the second reaction');
  await act(alices, 'message:react', { messageId: first.id, emoji: '👍' });
  await rest(there, 'DELETE', `/api/messages/${first.id}/reactions?emoji=${encodeURIComponent('👍')}`, { token: bob.token });
  await bobSees('message:updated', ({ reactions }) => reactions[0].count === 1, 'the reaction taken back, and nothing for the repeat');

  doing('replying');
  const reply = await send(bobs, { roomId: room.id, content: 'hi', replyTo: first.id });
  check(reply.replyTo?.id === first.id && reply.replyTo.content === 'hello again', () => `the reply is ${quote(reply)}`);
  await bobSees('message:receive', ({ id, replyTo }) => id === reply.id && replyTo.id === first.id, 'the reply');
  await bobSees('message:updated', ({ id, thread }) => id === first.id && thread.count === 1 && thread.lastReplyId === reply.id, 'the thread');
  const replies = await rest(here, 'GET', `/api/messages/${first.id}/replies`, { token: alice.token });
  check(replies.messages.length === 1 && replies.messages[0].id === reply.id, () => `the replies are ${quote(replies)}`);

  doing('attaching');
  const picture = { url: 'https://example.org/cat.png', mimeType: 'image/png', name: 'cat.png', size: 1234, width: 640, height: 480 };
  const attached = await send(alices, { roomId: room.id, attachments: [picture] });
  check(attached.type === 'image' && attached.attachments[0].width === 640, () => `attached: ${quote(attached)}`);
  await bobSees('message:receive', ({ type, attachments }) => type === 'image' && attachments[0].url === picture.url, 'the attachment');

  doing('pinning');
  await act(alices, 'message:pin', { messageId: attached.id });
  await bobSees('message:updated', ({ pinnedAt, pinnedBy }) => pinnedAt && pinnedBy === alice.id, 'the pin');
  const pins = await rest(there, 'GET', `/api/rooms/${room.id}/pins`, { token: bob.token });
  check(pins.messages.length === 1 && pins.messages[0].id === attached.id, () => `the pins are ${quote(pins)}`);
  await rest(here, 'DELETE', `/api/messages/${attached.id}/pin`, { token: alice.token });
  await bobSees('message:updated', ({ pinnedAt }) => !pinnedAt, 'the pin taken off');

  doing('hiding');
  await act(bobs, 'message:delete', { messageId: first.id, for: 'me' });
  await bobSees('message:hidden', ({ messageId, roomId }) => messageId === first.id && roomId === room.id, 'the hidden message');
  await until(() => seen.bobToo.at(-1)?.event === 'message:hidden', 'the other device to hear of it');
  check(!seen.alice.some(({ event }) => event === 'message:hidden'), 'Alice heard of what Bob hid');
  check(!(await history(bob, room.id)).some(({ id }) => id === first.id), 'Bob still has what he hid');
  check((await history(alice, room.id)).some(({ id }) => id === first.id), 'Alice has lost what Bob hid');

  doing('deleting');
  await rest(here, 'DELETE', `/api/messages/${attached.id}`, { token: alice.token });
  await bobSees('message:updated', ({ id, deletedAt, content, attachments }) => id === attached.id && deletedAt && content === '' && attachments.length === 0, 'the deletion');

  doing('prying');
  const before = await rest(here, 'GET', `/api/messages/${reply.id}`, { token: bob.token });
  const attempts = (user, socket) => [
    ...[['message:edit', { content: 'mine' }], ['message:delete', { for: 'everyone' }], ['message:pin', {}]]
      .map(async ([event, payload]) => [event, (await ask(socket, event, { messageId: reply.id, ...payload })).error?.code]),
    ...[['GET', ''], ['PATCH', '', { content: 'mine' }], ['DELETE', ''], ['PUT', '/pin'], ['DELETE', '/pin'], ['GET', '/edits']]
      .map(async ([method, path, body]) => [`${method} ${path}`, (await request(user.url, method, `/api/messages/${reply.id}${path}`, { token: user.token, body })).body.code]),
  ];
  for (const [what, code] of await Promise.all(attempts(eve, eves))) check(code === 'MESSAGE_NOT_FOUND', `Eve's ${what} was answered ${code}`);
  for (const event of ['message:react', 'message:delete']) {
    const refused = await ask(eves, event, { messageId: reply.id, emoji: '👍', for: 'me' });
    check(refused.error?.code === 'MESSAGE_NOT_FOUND', () => `Eve's ${event} was answered ${quote(refused)}`);
  }
  const refused = await ask(alices, 'message:edit', { messageId: reply.id, content: 'not mine' });
  check(refused.error?.code === 'NOT_ALLOWED', () => `editing another's message was answered ${quote(refused)}`);
  const across = await ask(eves, 'message:send', { toUserId: bob.id, content: 'x', replyTo: reply.id });
  check(across.error?.code === 'MESSAGE_NOT_FOUND', () => `answering across rooms was answered ${quote(across)}`);
  const after = await rest(here, 'GET', `/api/messages/${reply.id}`, { token: bob.token });
  check(JSON.stringify(after) === JSON.stringify(before), () => `${quote(before)} became ${quote(after)}`);

  doing('comparing');
  await until(() => seen.bobToo.length === seen.bob.length, 'the other device to have the same');
  const revs = seen.bob.map(({ payload }) => payload.rev);
  check(revs.every((rev, index) => index === 0 || rev > revs[index - 1]), () => `the revisions came as ${quote(revs)}`);
  [alices, bobs, bobsToo, eves].forEach((socket) => socket.disconnect());
  return { events: seen.bob.length };
});
