// Seed 004, section 9 and 16: limits on messages and on logins, shared by all replicas.
//
//   node native/limits.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 [--prefix ""]

import { person } from '../lib/dialect.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { count, same, shaped, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { ChatClient } from './client.mjs';

const MESSAGES = 10;
const WINDOW_MS = 5_000;

await scenario({ url: undefined, prefix: '' }, async ({ url, prefix }) => {
  const [here, there] = [url[0], url.at(-1)].map((one) => one + prefix);
  const [alice, bob] = [new ChatClient('alice', here), new ChatClient('bob', there)];
  const forms = [alice, bob].map(({ name }) => person(name));
  for (const [at, one] of [alice, bob].entries()) {
    const { userName: username, email, password } = forms[at];
    await one.signup({ username, email, password });
    await one.connect();
  }
  const elsewhere = Object.assign(new ChatClient('alice', there), { accessToken: alice.accessToken });
  await elsewhere.connect();

  doing('if exceeds threshold (e.g., 10 messages / 5 seconds) drop');
  const since = Date.now();
  const answers = await Promise.all(Array.from({ length: 3 * MESSAGES }, (_, at) => [alice, elsewhere][at % 2].send({ toUserId: bob.id, content: `${at}` })));
  const taken = answers.filter(({ ok }) => ok);
  const most = MESSAGES + Math.ceil((Date.now() - since) / (WINDOW_MS / MESSAGES));
  check(taken.length >= MESSAGES && taken.length <= most, () => `${taken.length} messages were taken at once`);
  for (const refused of answers.filter(({ ok }) => !ok)) shaped(refused, { ok: false, error: { code: words, message: words, retryAfterMs: count } }, 'one too many');
  await until(() => bob.received.length >= taken.length, 'those taken to arrive');
  same(bob.received.map(({ id }) => id).sort(), taken.map(({ message }) => message.id).sort(), 'what arrived');

  doing('emit error:rate_limited');
  for (let times = 0; times < 3 * MESSAGES; times += 1) alice.socket.emit('message:send', { toUserId: bob.id, content: 'again' });
  await until(() => alice.heard.of('error:rate_limited').length, 'error:rate_limited');

  doing('Rate-limit login endpoints to prevent brute-force');
  const guess = () => bob.api('POST', '/auth/login', { email: forms[0].email, password: 'a guess' });
  let answer;
  await until(async () => {
    answer = await guess();
    return answer.status === 429;
  }, () => `guessing to be limited, it was answered ${quote(answer)}`);
});
