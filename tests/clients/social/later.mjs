// Seed 000, section 9: what it plans for later and Confab has: reactions, and deleting for everyone.
//
//   node social/later.mjs --url http://127.0.0.1:8080 [--prefix ""]

import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { same, shaped, time } from '../lib/shape.mjs';
import { ask } from '../lib/socket.mjs';
import { history, joined, member, pair, tab } from './people.mjs';

await scenario({ url: undefined, prefix: '/social' }, async ({ url, prefix }) => {
  const [alice, bob, eve] = await Promise.all(['alice', 'bob', 'eve'].map((name, at) => member(name, url.at(-(at % 2)), prefix)));
  const { _id: conversationId } = await pair(alice, bob);
  const [alices, bobs, eves] = await Promise.all([tab('Alice', alice), tab('Bob', bob), tab('Eve', eve)]);
  await joined(alices, conversationId);
  const { message: { _id: messageId } } = await ask(alices, 'chat:send', { conversationId, text: 'do you like it?' });
  const reactions = async () => (await history(alice, conversationId)).messages[0].reactions ?? [];

  doing('9.4 reactions: [{ user, emoji }], New socket event message:react');
  shaped(await ask(bobs, 'message:react', { messageId, emoji: '👍' }), { success: true }, 'message:react');
  shaped(await reactions(), [{ user: bob.id, emoji: '👍' }], 'the reactions');
  const refused = await ask(eves, 'message:react', { messageId, emoji: '👎' });
  check(typeof refused.error === 'string', () => `Eve's reaction was answered ${quote(refused)}`);
  await ask(bobs, 'message:react', { messageId, emoji: '👍', remove: true });
  shaped(await reactions(), [], 'the reactions after taking it back');

  doing('9.5 Add deletedFor array');
  const { message: { _id: tiresome } } = await ask(alices, 'chat:send', { conversationId, text: 'Bob need not see this again' });
  const hidden = await bob.api('DELETE', `/messages/${tiresome}?for=me`);
  check(hidden.status === 200, () => `hiding was answered ${hidden.status} ${quote(hidden.body)}`);
  const kept = async (one) => (await history(one, conversationId)).messages.map(({ _id }) => _id);
  same([await kept(alice), await kept(bob)], [[messageId, tiresome], [messageId]], 'what Alice and Bob have then');

  doing('9.5 Support delete-for-everyone');
  const { status } = await alice.api('DELETE', `/messages/${messageId}`);
  check(status < 300, `deleting was answered ${status}`);
  shaped((await history(bob, conversationId)).messages[0], { deleted: true, deletedAt: time, text: '' }, 'the deleted message');
  const update = await alices.heard.once('chat:update', ({ message }) => message.deleted);
  shaped(update, { message: { _id: messageId, deletedAt: time, text: '' } }, 'the event');
});
