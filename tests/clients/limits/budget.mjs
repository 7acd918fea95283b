// Using a budget up, and waiting exactly as long as the server says.

import { randomBytes } from 'node:crypto';
import { request } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';

let next = 1;

/** The headers of a client at an address of its own; the gateways trust the proxies of the tests. */
export function fromElsewhere() {
  next += 1;
  return { 'x-forwarded-for': `10.0.${next >> 8}.${next & 255}` };
}

/** What was refused, whether by an ack or by REST. */
export function refusal(answer) {
  if (answer?.ok === false) return answer.error;
  if (answer?.status === 429) return answer.body;
  return undefined;
}

/**
 * Calls `attempt(number)` until it is refused; that must be after `count`, and what came back since `begun` at one in
 * `everyMs`. Answers the last answer.
 */
export async function useUp(what, count, everyMs, attempt, begun = Date.now()) {
  for (let accepted = 0; ; accepted += 1) {
    const answer = await attempt(accepted);
    const most = count + Math.ceil((Date.now() - begun) / everyMs);
    check(accepted <= most, () => `${accepted} ${what} were taken, of ${count} to ${most}`);
    if (refusal(answer)) {
      check(accepted >= count, () => `${accepted} ${what} were taken, of ${count} to ${most}`);
      isTrue(what, answer, everyMs);
      return answer;
    }
    check(answer.ok === true || answer.status < 300, () => `${what}, number ${accepted}, were answered ${quote(answer.body ?? answer)}`);
  }
}

/**
 * A budget that is full now. Whatever is taken from it goes through `counted`, or through `useUp`, so that it may be used
 * up again and again: what comes back while the machine stalls is taken and counted, too.
 */
export function fullBudget(what, count, everyMs) {
  const begun = Date.now();
  const budget = { taken: 0 };
  budget.counted = (attempt) => async (number) => {
    const answer = await attempt(number);
    if (!refusal(answer)) budget.taken += 1;
    return answer;
  };
  budget.useUp = (attempt) => useUp(what, count - budget.taken, everyMs, budget.counted(attempt), begun);
  return budget;
}

/** A refusal says what it is and when to come back, and in HTTP the headers say the same. */
function isTrue(what, answer, everyMs) {
  const { code, retryAfterMs } = refusal(answer);
  check(code === 'RATE_LIMITED', () => `too many ${what} were answered ${quote(answer)}`);
  check(Number.isInteger(retryAfterMs) && retryAfterMs > 0 && retryAfterMs <= everyMs, `one comes back in ${everyMs} ms, but retryAfterMs is ${retryAfterMs}`);
  if (answer.status !== 429) {
    check(refusal(answer).message && refusal(answer).traceId, () => `too many ${what} were answered ${quote(answer)}`);
    return;
  }
  const header = (name) => Number(answer.headers.get(name) ?? Number.NaN);
  check(answer.type.startsWith('application/problem+json'), `a refusal is ${answer.type}`);
  check(header('retry-after') === Math.ceil(retryAfterMs / 1000), `Retry-After is ${answer.headers.get('retry-after')}, retryAfterMs ${retryAfterMs}`);
  check(header('ratelimit-remaining') === 0 && header('ratelimit-limit') > 0 && header('ratelimit-reset') >= header('retry-after'), () => `the headers are ${quote(Object.fromEntries(answer.headers))}`);
}

/** How often a part is played at most. */
export const PLAYS = 3;

/**
 * Plays a part that shows something only while something holds: `hold()` waits for it, and answers how to ask whether it
 * held. What a machine that stalls has spoiled is played again, a few times. `part` is told the number of the play.
 */
export async function playWhile(hold, part) {
  let last;
  for (let play = 0; play < PLAYS; play += 1) {
    const held = await hold();
    last = await part(play).then((value) => ({ value }), (error) => ({ error }));
    if (await held()) {
      if (last.error) throw last.error;
      return last.value;
    }
  }
  throw new Error(`spoiled ${PLAYS} times, the last time ${last.error?.message ?? 'without a mistake'}`);
}

/** For `playWhile`: no gateway decides without Redis, as each does when Redis is late. `admins` have their metrics. */
export const nobodyAlone = (admins) => async () => {
  const before = await decidedAlone(admins);
  return async () => await decidedAlone(admins) === before;
};

/** How much all gateways together have decided without Redis. */
async function decidedAlone(admins) {
  const pages = await Promise.all(admins.map(async (admin) => (await fetch(`${admin}/metrics`)).text()));
  const counts = pages.map((page) => Number(page.match(/^confab_limit_local_decisions_total (\d+)$/m)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Waits as long as the refusal says, which must be long enough for one, and no longer than needed. */
export async function comesBack(what, refused, attempt) {
  const { retryAfterMs } = refusal(refused);
  await new Promise((resolve) => { setTimeout(resolve, retryAfterMs); });
  const answer = await attempt();
  check(!refusal(answer), () => `after ${retryAfterMs} ms, ${what} were refused again: ${quote(refusal(answer))}`);
}

export const password = 'correct horse battery staple';

/** A sign-up from somewhere, whatever comes of it. */
export function signUpFrom(url, headers, username = `limited-${randomBytes(5).toString('hex')}`) {
  return request(url, 'POST', '/api/auth/signup', { headers, body: { username, email: `${username}@example.org`, password } });
}

/** Somebody at an address of their own. */
export async function somebody(url) {
  const headers = fromElsewhere();
  const { status, body } = await signUpFrom(url, headers);
  check(status === 201, () => `signing up was answered ${quote(body)}`);
  return { id: body.user.id, username: body.user.username, token: body.accessToken, refreshToken: body.refreshToken, url, headers };
}
