// Seed 000, section 7.3: 20 messages a minute, whatever replica they are sent to.
//
//   node social/limits.mjs --url http://127.0.0.1:8080 [--prefix ""]

import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { same, words } from '../lib/shape.mjs';
import { ask } from '../lib/socket.mjs';
import { history, member, pair, tab } from './people.mjs';

const PER_MINUTE = 20;

await scenario({ url: undefined, prefix: '/social' }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)].map((one) => one + prefix);
  doing('connecting');
  const [carol, bob] = await Promise.all(['carol', 'bob'].map((name, at) => member(name, url.at(-at), prefix)));
  doing('7.3 Max 20 messages/min per user');
  const { _id: conversationId } = await pair(carol, bob);
  const sockets = await Promise.all([tab('Carol', carol, here), tab('Carol elsewhere', carol, there)]);
  const since = Date.now();
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => ask(sockets[at % 2], 'chat:send', { conversationId, text: `${at}`, tempId: `temp_${at}` })));
  // If it is a bucket, it has got something back meanwhile.
  const more = Math.ceil((Date.now() - since) / (60_000 / PER_MINUTE));
  const taken = answers.filter(({ success }) => success);
  check(taken.length >= PER_MINUTE && taken.length <= PER_MINUTE + more, () => `${taken.length} messages of 30 were taken at once`);
  check(answers.every(({ success, error }) => success || words(error)), () => `too many messages were answered ${quote(answers.at(-1))}`);
  const { messages } = await history(carol, conversationId);
  same(messages.map(({ _id }) => _id).sort(), taken.map(({ message }) => message._id).sort(), 'what was kept');
});
